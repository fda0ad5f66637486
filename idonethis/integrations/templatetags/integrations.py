"""What pages show of links, also those of apps that do not know what a link is."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any

from django import template
from django.db.models import QuerySet
from django.template import Context, Engine, Template
from django.utils.html import format_html
from django.utils.safestring import SafeString

from idonethis.accounts.models import User
from idonethis.entries.models import Entry
from idonethis.integrations import icons, registry
from idonethis.integrations.base import Integration
from idonethis.integrations.captures import mapping
from idonethis.integrations.models import (
    Delivery,
    Incident,
    IntegrationLink,
    IntegrationUser,
    Receipt,
)
from idonethis.integrations.values import Reason
from idonethis.teams.models import Team
from idonethis.ui.relative import relative
from idonethis.ui.templatetags.ui import chip, lettermark

register = template.Library()

RESULTS = {
    Reason.CREATED: ("Logged", "ok"),
    Reason.UPDATED: ("Updated", "ok"),
    Reason.MERGED: ("Joined", "ok"),
    Reason.RETRACTED: ("Taken back", "ok"),
    Reason.DUPLICATE: ("Duplicate", ""),
    Reason.STAYS_DELETED: ("Stays deleted", ""),
    Reason.NOTHING_TO_CHANGE: ("Nothing to change", ""),
    Reason.PING: ("Ping", ""),
    Reason.NO_PERSON: ("Unmatched", "wait"),
    Reason.NOT_IN_TEAM: ("Not in the team", "wait"),
    Reason.LINK_PAUSED: ("Paused", "wait"),
    Reason.NOT_THEIRS: ("Not theirs", "bad"),
    Reason.DISCONNECTED: ("Disconnected", "bad"),
    Reason.UNREADABLE: ("Unreadable", "bad"),
    Reason.FAILED: ("Failed", "bad"),
}


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
    return {"links": standing, "leaving": going, "csrf_token": context.get("csrf_token")}


@dataclass(frozen=True)
class Shown:
    """An incident as one reader sees it on the pages of one team."""

    incident: Incident
    links: list[IntegrationLink]
    held: int
    #: Where this reader puts it right; empty where they may not.
    fix: str

    @property
    def keepers(self) -> list[User]:
        return sorted({user for link in self.links for user in link.keepers}, key=str)


@register.inclusion_tag("integrations/incidents.html", takes_context=True)
def incidents(context: Context) -> dict[str, Any]:
    """What is in trouble and needs somebody: of the team whose page this is, and, for operators, of
    the server."""
    request = context.get("request")
    if request is None or not request.user.is_authenticated:
        return {}
    return {"incidents": [*_of_server(request.user), *_of_page(context, request.user)]}


def _of_server(user: User) -> list[Shown]:
    doubts = Incident.objects.standing().filter(kind="in_doubt") if user.is_staff else ()
    return [Shown(each, [], 0, each.fix_url(user)) for each in doubts]


def _of_page(context: Context, user: User) -> list[Shown]:
    team = context.get("team")
    if not isinstance(team, Team) or team not in context.get("my_teams", ()):  # type: ignore[operator]
        return []
    return [_of_team(each, team, user) for each in Incident.objects.of_team(team)]


def _of_team(incident: Incident, team: Team, user: User) -> Shown:
    links = incident.links.filter(team=team)
    managed = links.filter(pk__in=IntegrationLink.objects.manageable_by(user)).first()
    fix = managed.get_absolute_url() if managed else ""
    return Shown(incident, list(links), incident.held(links), fix)


@register.simple_tag
def unclaimed_count(team: Team) -> int:
    return team.unclaimed.open().count()


@register.inclusion_tag("integrations/deliveries_of.html")
def deliveries_of(entry: Entry) -> dict[str, Any]:
    found = Delivery.objects.filter(entry=entry).select_related("link__team")
    known = registry.integrations()
    return {"deliveries": [each for each in found if each.link.integration_type in known]}


@register.simple_tag
def partner_icon(integration: Integration) -> SafeString:
    """The integration's picture, or the first letter of its name."""
    if picture := icons.icon(integration):
        return format_html('<span class="logo">{}</span>', picture)
    return lettermark(integration.name)


@register.simple_tag
def link_state(link: IntegrationLink) -> SafeString:
    """How a link is, in a word."""
    if not link.is_plain:
        return chip(link.state_word, "bad" if link.is_in_trouble else "wait")
    if link.is_paused:
        return chip("Paused", symbol="pause")
    if link.last_received_at or link.last_sent_at or not registry.takes_own_hooks(link.integration):
        return chip("Active", "ok")
    return chip("Waiting for the first event", "wait")


@register.simple_tag
def result(receipt: Receipt) -> SafeString:
    """How a receipt ended, in a word."""
    word, tone = RESULTS.get(receipt.outcome, ("Ignored", ""))  # type: ignore[call-overload]
    return chip(word, tone)


@register.simple_tag
def delivery_state(delivery: Delivery) -> SafeString:
    """How far a delivery is, in a word."""
    if delivery.state == "done":
        return chip("Sent", "ok") if delivery.reference else chip("Not sent")
    if delivery.state == "due" and delivery.attempts and delivery.trouble:
        return chip(f"Trying again {relative(delivery.due_at)}", "wait")
    words = {"due": ("Waiting", "wait"), "held": ("Held", "bad"), "failed": ("Failed", "bad")}
    return chip(*words[delivery.state])


@register.simple_tag(takes_context=True)
def partner_part(context: Context, link: IntegrationLink) -> str:
    """What the integration itself adds to the page of a link: ``templates/<type>/link.html`` in its
    folder, which sees what the page sees."""
    part = _part(link.integration)
    return part.render(context) if part else ""


@register.inclusion_tag("integrations/mapping.html", takes_context=True)
def mapping_of(context: Context, link: IntegrationLink) -> dict[str, Any]:
    """For a partner's part of the page: a link's form, beside what it makes of what came in."""
    form = link.integration.link_form(initial=link.config, auto_id="id_%s")
    return mapping(link, form, link.config) | {"csrf_token": context.get("csrf_token")}


@cache
def _part(integration: Integration) -> Template | None:
    folder = registry.folder(integration) / "templates" / integration.integration_type
    path = folder / "link.html"
    return Engine.get_default().from_string(path.read_text()) if path.exists() else None
