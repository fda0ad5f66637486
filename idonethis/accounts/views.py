from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from idonethis.accounts.forms import MeForm, TokenForm
from idonethis.accounts.models import ApiToken, User
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


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def my_tokens(request: Request) -> HttpResponse:
    """A new one stands on the page that answers, and nowhere else, ever."""
    form, shown = TokenForm(posted(request)), ""
    if form.is_valid():
        _, shown = ApiToken.objects.make(request.user, **form.cleaned_data)
        form = TokenForm()
    tokens = ApiToken.objects.filter(user=request.user)
    context = {"form": form, "tokens": tokens, "shown": shown}
    status = 422 if form.errors else 200
    return render(request, "accounts/tokens.html", context, status=status)


@login_required
@require_POST
def revoke_token(request: Request, hash_id: str) -> HttpResponse:
    token = get_object_or_404(ApiToken, user=request.user, hash_id=hash_id)
    token.revoke()
    toast(request, f"{token} lets nobody in any more.")
    return redirect("my_tokens")
