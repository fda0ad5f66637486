"""What pages of other apps show of links, without knowing what a link is."""

from __future__ import annotations

from typing import Any

from django import template
from django.template import Context
from django.utils.safestring import SafeString

from idonethis.accounts.models import User
from idonethis.entries.models import Entry
from idonethis.integrations.base import Integration
from idonethis.integrations.models import Delivery, IntegrationLink, IntegrationUser, RegisteredHook
from idonethis.integrations.setup_text import icon_of
from idonethis.teams.models import Team

register = template.Library()


@register.inclusion_tag("integrations/links.html", takes_context=True)
def links_for_team(context: Context, team: Team) -> dict[str, Any]:
    links = IntegrationLink.objects.for_team(team).select_related("integration_user", "team")
    leaving = RegisteredHook.objects.filter(state="due", attempts__gt=0)
    return _shown(context, links, leaving=leaving.filter(links__team=team).distinct())


@register.inclusion_tag("integrations/links.html", takes_context=True)
def links_for_user(context: Context, user: User) -> dict[str, Any]:
    links = IntegrationLink.objects.for_user(user).select_related("integration_user", "team")
    accounts = IntegrationUser.objects.filter(user=user, team=None, kind="user")
    return _shown(context, links, leaving=RegisteredHook.objects.none()) | {"accounts": accounts}


def _shown(context: Context, links: Any, *, leaving: Any) -> dict[str, Any]:
    user = context["request"].user
    manageable = set(IntegrationLink.objects.manageable_by(user).values_list("pk", flat=True))
    return {
        "links": [(link, link.pk in manageable) for link in links.order_by("pk")],
        "leaving": leaving,
        "csrf_token": context.get("csrf_token"),
    }


@register.simple_tag
def unclaimed_count(team: Team) -> int:
    return team.unclaimed.filter(ignored=False).count()


@register.inclusion_tag("integrations/deliveries_of.html")
def deliveries_of(entry: Entry) -> dict[str, Any]:
    return {"deliveries": Delivery.objects.filter(entry=entry).select_related("link__team")}


@register.simple_tag
def partner_icon(integration: Integration) -> SafeString:
    return icon_of(integration)
