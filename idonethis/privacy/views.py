from __future__ import annotations

from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST, require_safe

from idonethis.accounts.models import User
from idonethis.accounts.requests import Request
from idonethis.privacy.deletion import CannotGo, Deletion
from idonethis.privacy.export import Export
from idonethis.privacy.forms import MyDeletionForm
from idonethis.ui.toasts import toast


@login_required
@require_safe
def my_data(request: Request) -> HttpResponse:
    return _page(request)


def _page(request: Request, form: MyDeletionForm | None = None) -> HttpResponse:
    context = {
        "deletion": Deletion(request.user),
        "form": form or MyDeletionForm(person=request.user),
    }
    return render(request, "privacy/my_data.html", context, status=422 if form else 200)


@login_required
@require_POST
@never_cache
def export_my_data(request: Request) -> HttpResponse:
    export = Export(request.user)
    response = HttpResponse(export.make(), content_type="application/zip")
    response["Content-Disposition"] = f'attachment; filename="{export.name}"'
    return response


@login_required
@require_POST
@sensitive_post_parameters("password")
def delete_me(request: Request) -> HttpResponse:
    form = MyDeletionForm(request.POST, person=request.user)
    if not form.is_valid():
        return _page(request, form)
    try:
        Deletion(User.objects.get(pk=request.user.pk)).run()
    except CannotGo as problem:
        messages.error(request, str(problem))
        return redirect("my_data")
    logout(request)
    toast(request, "Your account is deleted. Nobody can sign in to it any more.")
    return redirect("account_login")
