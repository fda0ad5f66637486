"""What pages show of links, also those of apps that do not know what a link is."""

from __future__ import annotations

from functools import cache
from typing import Any, NamedTuple

from django import template
from django.template import Context, Engine, Template
from django.utils.html import format_html
from django.utils.safestring import SafeString

from idonethis.entries.models import Entry
from idonethis.integrations import icons, registry
from idonethis.integrations.base import Integration
from idonethis.integrations.captures import mapping
from idonethis.integrations.models import (
    Delivery,
    IntegrationLink,
    Job,
    Receipt,
    Storm,
    Suggestion,
)
from idonethis.integrations.models.releasing import held_by
from idonethis.integrations.models.results import Result
from idonethis.integrations.questions import offer_people
from idonethis.integrations.reasons import DELIVERIES, ending
from idonethis.integrations.remedies import Remedy
from idonethis.teams.models import Team
from idonethis.ui.relative import relative
from idonethis.ui.templatetags.ui import chip, lettermark
from idonethis.ui.words import numbered

register = template.Library()

#: How many suggestions a page shows.
MOST_SUGGESTED = 50
BECOMES = {
    Result.NEW: ("New entry", "ok"),
    Result.CHANGED: ("Changed words", "ok"),
    Result.TAKEN_BACK: ("Taken back", "ok"),
    Result.SUGGESTED: ("Suggested", "wait"),
    Result.SAME: ("The same", ""),
    Result.ASKED: ("Asked about", "wait"),
    Result.NOTHING: ("Nothing", ""),
}
EFFECTS = {
    "add": ("Would add", "ok"),
    "drop": ("Would drop", "bad"),
    "change": ("Changes", "wait"),
    "stay": ("Stays", ""),
}


@register.simple_tag
def leads(remedy: Remedy, question: str = "") -> str:
    return remedy.leads(question)


@register.simple_tag
def unclaimed_count(team: Team) -> int:
    return team.unclaimed.open().count()


@register.inclusion_tag("integrations/suggestions.html", takes_context=True)
def suggestions_for(context: Context, team: Team | None) -> dict[str, Any]:
    """What is suggested to who reads the page: in this team, or in all of theirs."""
    mine = Suggestion.objects.of(context["request"].user).select_related("team", "link")
    if team:
        mine = mine.filter(team=team)
    return {
        "waiting": list(mine.pending().order_by("-day", "-pk")[:MOST_SUGGESTED]),
        "expired": [] if team else list(mine.missed().order_by("-day", "-pk")[:MOST_SUGGESTED]),
        "team": team,
        "csrf_token": context.get("csrf_token"),
    }


@register.inclusion_tag("integrations/deliveries_of.html")
def deliveries_of(entry: Entry) -> dict[str, Any]:
    found = Delivery.objects.filter(entry=entry).select_related("link__team")
    known = registry.integrations()
    return {"deliveries": [each for each in found if each.link.integration_type in known]}


class ShownStorm(NamedTuple):
    storm: Storm
    #: Of how many events it consists, and how many of them are through by now.
    events: int
    through: int

    @classmethod
    def of(cls, storm: Storm) -> ShownStorm:
        held = held_by(storm).count() if not storm.ended_at else 0
        events = storm.events if storm.released_at else held
        return cls(storm, events, max(events - held, 0))

    @property
    def number(self) -> str:
        return numbered(self.events, "event", "events")


@register.inclusion_tag("integrations/storms.html", takes_context=True)
def storms(context: Context, link: IntegrationLink) -> dict[str, Any]:
    """The storm of this link and what becomes of it, and those before."""
    shown = link.storms.select_related("released_by")[:5]
    return {
        "link": link,
        "storms": [ShownStorm.of(storm) for storm in shown],
        "manages": context.get("manages"),
        "choices": Storm.Choice.choices,
        "csrf_token": context.get("csrf_token"),
    }


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
    if link.is_idle:
        return chip("Waiting for its secret", "wait")
    waits = registry.takes_own_hooks(link.integration) and not link.posts
    if waits and not (link.last_received_at or link.last_sent_at):
        return chip("Waiting for the first event", "wait")
    return chip("Active", "ok")


@register.simple_tag
def result(receipt: Receipt) -> SafeString:
    """How a receipt ended, in a word."""
    ended = ending(receipt.result)
    return chip(ended.word, ended.tone)


@register.inclusion_tag("integrations/jobs_of.html")
def jobs_of(link: IntegrationLink) -> dict[str, Any]:
    """The long work of a link, the newest first."""
    return {"jobs": link.jobs.select_related("team", "link", "user").order_by("-pk")[:5]}


@register.simple_tag
def job_state(job: Job) -> SafeString:
    """How a job is, in a word."""
    if job.is_waiting:
        return chip("Waiting", "wait")
    if job.is_running:
        return chip(f"{job.done} of {job.total}" if job.total else "Under way", "wait")
    words = {"done": ("Done", "ok"), "stopped": ("Stopped", ""), "failed": ("Failed", "bad")}
    return chip(*words[job.state])


@register.simple_tag
def becomes(result: Result) -> SafeString:
    """What comes of something that is read again, in a word."""
    return chip(*BECOMES[result])


@register.simple_tag
def effect(word: str) -> SafeString:
    """What other settings would do to something in the log, in a word or two."""
    return chip(*EFFECTS[word])


@register.simple_tag
def delivery_state(delivery: Delivery) -> SafeString:
    """How far a delivery is, in a word."""
    state = DELIVERIES[delivery.result]
    word = f"{state.word} {relative(delivery.due_at)}" if delivery.result == "again" else state.word
    return chip(word, state.tone)


@register.simple_tag(takes_context=True)
def partner_part(context: Context, link: IntegrationLink) -> str:
    """What the integration itself adds to the page of a link: ``templates/<type>/link.html`` in its
    folder, which sees what the page sees. Without one, the ``link.html`` of the kit that it builds
    on."""
    part = _part(link.integration)
    return part.render(context) if part else ""


@register.inclusion_tag("integrations/mapping.html", takes_context=True)
def mapping_of(context: Context, link: IntegrationLink) -> dict[str, Any]:
    """For a partner's part of the page: a link's form, beside what it makes of what came in."""
    form = link.integration.form(initial=link.config, auto_id="id_%s")
    offer_people(form, [link.team])
    reader = context["request"].user
    shown = mapping(link, form, link.config, reader=reader, tried=False)
    return shown | {"csrf_token": context.get("csrf_token"), "user": reader}


@cache
def _part(integration: Integration) -> Template | None:
    own = registry.folder(integration) / "templates" / integration.integration_type
    paths = (folder / "link.html" for folder in (own, *registry.folders(integration)))
    found = next((path for path in paths if path.exists()), None)
    return Engine.get_default().from_string(found.read_text()) if found else None
