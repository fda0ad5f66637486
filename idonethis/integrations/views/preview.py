from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_POST

from idonethis.accounts.requests import Request
from idonethis.integrations.captures import previews
from idonethis.integrations.views.common import managed_link


@login_required
@require_POST
def link_preview(request: Request, hash_id: str) -> HttpResponse:
    """What the settings in the form would make of what has come in. Nothing is stored, nobody is
    called."""
    found = managed_link(request, hash_id)
    form = found.integration.link_form(data=request.POST)
    context: dict[str, Any] = {"link": found, "team": found.team, "form": form}
    if form.is_valid():
        context["previews"] = previews(found, form.cleaned_data)
    part = "integrations/previews.html" if request.htmx else "integrations/preview_page.html"
    return render(request, part, context, status=422 if form.errors else 200)
