from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET

from idonethis.accounts.forms import MeForm
from idonethis.accounts.requests import Request
from idonethis.ui.toasts import toast


@login_required
def user_settings(request: Request) -> HttpResponse:
    form = MeForm(request.POST or None, instance=request.user)
    if request.method == "POST" and form.is_valid():
        form.save()
        toast(request, "Your settings are saved.")
        return redirect("user_settings")
    status = 422 if form.errors else 200
    return render(request, "accounts/settings.html", {"form": form}, status=status)


@login_required
@require_GET
def my_connections(request: Request) -> HttpResponse:
    return render(request, "accounts/connections.html")
