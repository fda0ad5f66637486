"""What is over in a calendar becomes a done, whoever keeps the calendar. Each occurrence of an
event is told as a hook that the calendar would send if it could send any: ``id``, ``title``,
``starts`` and ``ends``, ``day`` (its last, where it lasts whole days), ``status``, ``free``,
``private``, ``declined``, ``url``, ``organizer`` and ``attendees`` (each ``email``, ``name`` and
``says``), and ``changed``, which is another at each change."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from typing import Any
from zoneinfo import ZoneInfo

from django import forms

from idonethis.integrations.base import (
    NOBODY,
    Actor,
    Draft,
    Event,
    Hook,
    Ignored,
    Link,
    LinkForm,
    Reads,
    Reason,
    Retract,
    instant,
    json_object,
    line,
    record,
    records,
)

#: Of those who are invited, the first.
MOST_PEOPLE = 50
#: It does not take place, or was put off until later.
CANCELLED, POSTPONED = "CANCELLED", "POSTPONED"
WHOSE = {
    "mine": "Mine, whoever is invited",
    "organizer": "Of who organises the event",
    "attendees": "Of each who has accepted the invitation",
}
#: As JSON holds it.
Occurrence = Mapping[str, Any]


class EventsForm(LinkForm):
    whose = forms.ChoiceField(
        label="Whose done an event is", choices=list(WHOSE.items()), initial="mine", required=False
    )
    words = forms.CharField(
        label="Only events whose title has one of these words",
        required=False,
        initial="",
        max_length=200,
        help_text="Separated by commas. Empty: all events.",
    )
    free = forms.BooleanField(
        label="Also events that are shown as free", required=False, initial=False
    )


class Calendars(Reads):
    """``config`` may also say ``me``: by which address whoever made the link is invited."""

    link_form = EventsForm

    def summary(self, link: Link) -> str:
        return "Logs each event of the calendar once it is over."

    def hook(self, hook: Hook, link: Link) -> Iterator[Event]:
        said = occurrence_of(hook)
        key = f"{link.hash_id}:{line(said.get('id'))}"
        whose = people(said, line(link.config.get("whose")))
        if line(said.get("status")) in (CANCELLED, POSTPONED):
            yield from (Retract(key=keyed(key, who), as_of=hook.received_at) for who in whose)
        elif refused := refusal(said, link.config):
            yield refused
        else:
            yield from (draft(said, keyed(key, who), who, hook.received_at) for who in whose)


def occurrence_of(hook: Hook) -> Occurrence:
    return json_object(hook.json, "An event")


def people(said: Occurrence, whose: str) -> list[Actor]:
    """Whose done it is; where the calendar names nobody, of who made the link. What stands in a
    calendar anybody can have written who may invite: no address is vouched for."""
    organizer, invited = record(said.get("organizer")), records(said.get("attendees"))
    accepted = [each for each in invited if each.get("says") == "ACCEPTED"]
    named = {"organizer": [organizer], "attendees": accepted}.get(whose, [])
    found = {line(each.get("email")): line(each.get("name")) for each in named}
    return [Actor(uid=m, login=m, name=name, email=m) for m, name in found.items() if m] or [NOBODY]


def keyed(key: str, who: Actor) -> str:
    return f"{key}:{who.uid}" if who.uid else key


def refusal(said: Occurrence, config: Mapping[str, Any]) -> Ignored | None:
    if said.get("private"):
        return Ignored(Reason.PRIVATE, "The event is private.")
    if said.get("free") and not config.get("free"):
        return Ignored(Reason.FILTERED, "The event is shown as free, which this link leaves out.")
    if said.get("declined") or has_declined(said, line(config.get("me")).lower()):
        return Ignored(Reason.FILTERED, "You have declined the event.")
    title = line(said.get("title"))
    if not has_word(title, line(config.get("words"))):
        return Ignored(Reason.FILTERED, "Its title has none of the words that this link asks for.")
    return None if title else Ignored(Reason.UNSUPPORTED, "The event has no title.")


def has_declined(said: Occurrence, me: str) -> bool:
    return any(
        each.get("says") == "DECLINED" and each.get("email") == me
        for each in records(said.get("attendees"))
    )


def has_word(title: str, words: str) -> bool:
    wanted = [re.escape(word.strip()) for word in words.split(",") if word.strip()]
    return not wanted or bool(re.search(rf"(?<!\w)({'|'.join(wanted)})(?!\w)", title, re.I))


def draft(said: Occurrence, key: str, who: Actor, as_of: datetime) -> Draft:
    """When it ends, it is over already: its last moment lies before that."""
    ends, day = instant(said.get("ends")), line(said.get("day"))
    return Draft(
        body=line(said.get("title")),
        key=key,
        url=line(said.get("url")),
        occurred_at=ends - timedelta(seconds=1) if ends and not day else None,
        day=whole(day),
        as_of=as_of,
        actor=who,
    )


def whole(day: str) -> date | None:
    try:
        return date.fromisoformat(day)
    except ValueError:
        return None


@dataclass(frozen=True)
class Zone:
    """``name`` is empty where nobody has said any."""

    place: tzinfo = UTC
    name: str = ""

    @classmethod
    def of(cls, name: str) -> Zone:
        """UTC, where there is no such zone."""
        try:
            return cls(ZoneInfo(name), name) if name else cls()
        except (LookupError, ValueError, OSError):
            return cls()

    def instant(self, moment: date | datetime) -> datetime:
        """Of a day, its first moment."""
        if not isinstance(moment, datetime):
            moment = datetime.combine(moment, time())
        return (moment if moment.tzinfo else moment.replace(tzinfo=self.place)).astimezone(UTC)
