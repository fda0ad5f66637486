from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_POST
from django.views.decorators.vary import vary_on_headers

from idonethis.accounts.requests import Request
from idonethis.integrations.captures import mapping
from idonethis.integrations.views.changing import edit_page, form_of, silent_form
from idonethis.integrations.views.common import managed_link


@login_required
@require_POST
@vary_on_headers("HX-Request")
def link_preview(request: Request, hash_id: str) -> HttpResponse:
    """What the settings in the form would make of what has come in, and change in the log. Nothing
    is stored, nobody is told; only the page without scripts asks the partner what there is to
    pick."""
    found = managed_link(request, hash_id)
    form = (silent_form if request.htmx else form_of)(request, found, request.POST)
    config = form.cleaned_data if form.is_valid() else None
    if not request.htmx:
        shown = found.config if config is None else config
        return edit_page(request, found, form, config=shown, tried=True)
    context = {"form": form, "live": True}
    if config is not None:
        context |= mapping(found, form, config, reader=request.user, tried=True)
    status = 422 if form.errors else 200
    return render(request, "integrations/captures.html", context, status=status)
