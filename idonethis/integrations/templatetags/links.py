"""The links of a team or a person, as their pages show them."""

from __future__ import annotations

from typing import Any

from django import template
from django.db.models import QuerySet
from django.template import Context

from idonethis.accounts.models import User
from idonethis.integrations import registry
from idonethis.integrations.forms import PastForm
from idonethis.integrations.models import IntegrationLink, IntegrationUser
from idonethis.integrations.models.backfilling import can_backfill
from idonethis.teams.models import Team

register = template.Library()


@register.inclusion_tag("integrations/links.html", takes_context=True)
def links_for_team(context: Context, team: Team) -> dict[str, Any]:
    leaving = IntegrationLink.objects.leaving().filter(team=team)
    return _shown(context, IntegrationLink.objects.for_team(team), leaving)


@register.inclusion_tag("integrations/links.html", takes_context=True)
def links_for_user(context: Context, user: User) -> dict[str, Any]:
    leaving = IntegrationLink.objects.leaving().filter(user=user)
    shown = _shown(context, IntegrationLink.objects.for_user(user), leaving)
    accounts = IntegrationUser.objects.filter(user=user, team=None, kind="user")
    known = [each for each in accounts if each.integration_type in registry.integrations()]
    return shown | {"accounts": known, "of_person": True}


def _shown(
    context: Context, links: QuerySet[IntegrationLink], leaving: QuerySet[IntegrationLink]
) -> dict[str, Any]:
    """Each with whether the reader may change it."""
    theirs = IntegrationLink.objects.in_charge_of(context["request"].user)
    managed = set(theirs.values_list("pk", flat=True))
    related = ("integration_user", "team", "user", "registered_hook")
    standing, going = (
        [(link, link.pk in managed) for link in found.select_related(*related).order_by("pk")]
        for found in (links, leaving)
    )
    return {
        "links": standing,
        "leaving": going,
        "new": _new(context, standing),
        "csrf_token": context.get("csrf_token"),
    }


def _new(context: Context, links: list[tuple[IntegrationLink, bool]]) -> dict[str, Any] | None:
    """The link that the reader has just made, whose past can be brought in. Long work that was
    begun for it since has taken up the offer."""
    made = context["request"].GET.get("made", "")
    found = next((link for link, manages in links if manages and link.hash_id == made), None)
    if found is None or not can_backfill(found) or found.jobs.exists():
        return None
    return {"link": found, "form": PastForm()}
