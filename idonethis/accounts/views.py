from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from idonethis.accounts.forms import MeForm
from idonethis.accounts.models import User
from idonethis.accounts.requests import Request, posted
from idonethis.audit.models import record
from idonethis.ui.toasts import toast


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def user_settings(request: Request) -> HttpResponse:
    # The form fills its person even where it is refused, and the page shows who is signed in.
    form = MeForm(posted(request), instance=User.objects.get(pk=request.user.pk))
    if form.is_valid():
        with transaction.atomic():
            record("person.changed", form.save(), fields=sorted(form.changed_data))
        toast(request, "Your settings are saved.")
        return redirect("user_settings")
    status = 422 if form.errors else 200
    return render(request, "accounts/settings.html", {"form": form}, status=status)


@login_required
@require_safe
def my_connections(request: Request) -> HttpResponse:
    return render(request, "accounts/connections.html")
