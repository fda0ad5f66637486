"""Applications of others that people of this server may let in, registered and ended."""

from __future__ import annotations

from django.db.models import Count
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from idonethis.accounts.models import App
from idonethis.accounts.requests import Request, posted
from idonethis.administration.access import administrators_only
from idonethis.administration.forms import AppForm
from idonethis.ui.toasts import toast


@administrators_only
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def applications(request: Request) -> HttpResponse:
    """The secret of a new one stands on the page that answers, and nowhere else, ever."""
    form = AppForm(posted(request))
    if not form.is_valid():
        return _page(request, form)
    made, shown = App.objects.register(**form.cleaned_data)
    toast(request, f"{made} is registered.")
    return _page(request, AppForm(), made, shown)


@administrators_only
@never_cache
@require_POST
def renew_application(request: Request, hash_id: str) -> HttpResponse:
    app = get_object_or_404(App.objects.exclude(hashed_secret=""), hash_id=hash_id)
    return _page(request, AppForm(), app, app.renew_secret())


@administrators_only
@require_POST
def remove_application(request: Request, hash_id: str) -> HttpResponse:
    app = get_object_or_404(App, hash_id=hash_id)
    app.remove()
    toast(request, f"{app} is let in nowhere any more.")
    return redirect("applications")


def _page(
    request: Request, form: AppForm, app: App | None = None, secret: str = ""
) -> HttpResponse:
    """``app``: the one of which it is told what its program needs."""
    known = App.objects.annotate(people=Count("tokens__user", distinct=True))
    context = {"form": form, "apps": known, "app": app, "secret": secret}
    status = 422 if form.errors else 200
    return render(request, "administration/applications.html", context, status=status)
