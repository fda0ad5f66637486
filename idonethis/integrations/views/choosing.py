"""What the form of a link asks while it is filled in."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_POST, require_safe

from idonethis.accounts.requests import Request
from idonethis.forms import Picker
from idonethis.integrations.asking import ask
from idonethis.integrations.examples import under
from idonethis.integrations.forms import TeamForm
from idonethis.integrations.http import Failed
from idonethis.integrations.link_forms import options, restated, values_of
from idonethis.integrations.views.common import accounts_of, known


@login_required
@require_POST
def link_summary(request: Request, integration_type: str) -> HttpResponse:
    """What the form says by now, in sentences and examples; changes nothing."""
    integration = known(integration_type)
    team = TeamForm(request.user, request.POST).chosen
    form = integration.form(data=request.POST)
    context = {
        "restated": restated(integration, form, team),
        "examples": under(integration, values_of(form)),
    }
    return render(request, "integrations/promised.html", context)


@login_required
@require_safe
def choices(request: Request, integration_type: str) -> HttpResponse:
    """What a picker finds for what was typed into its search box."""
    integration, field = known(integration_type), request.GET.get("field", "")
    accounts = {each.hash_id: each for each in accounts_of(request, integration)}
    account = accounts.get(request.GET.get("account", ""))
    if field not in integration.form.picks or not account:
        return HttpResponse(status=404)
    query = request.GET.get("q", "")[:100]
    try:
        found = ask(integration, lambda: integration.choices(field, query, account.client()))
    except Failed as problem:
        context = {"problem": problem, "field": field, "query": query}
        return render(request, "integrations/choices_failed.html", context)
    widget = Picker(choices=options(found or ()))
    context = widget.get_context(field, None, {"id": f"id_{field}"})
    return render(request, "components/picker_options.html", context)
