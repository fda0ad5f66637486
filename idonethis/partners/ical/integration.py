"""Calendars: an event that is over becomes a done. The calendar is asked for at its address.

https://www.rfc-editor.org/rfc/rfc5545"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from idonethis.integrations.base import (
    NOBODY,
    Account,
    Actor,
    Answer,
    Client,
    Draft,
    Event,
    Hook,
    Ignored,
    Link,
    Never,
    Polled,
    Polls,
    Reason,
    Retract,
    fingerprint,
    instant,
    json_object,
    line,
    record,
    records,
)
from idonethis.partners.ical.calendars import Calendar
from idonethis.partners.ical.forms import CalendarAddress, CalendarForm
from idonethis.partners.ical.news import News

MOVED = (301, 302, 303, 307, 308)
OFF = ("CANCELLED", "POSTPONED")


class Ical(Polls):
    name = "Calendar"
    category = "Anything"
    tagline = "What is over in a calendar becomes a done: iCalendar addresses, such as Google’s."
    link_form = CalendarForm
    credentials = CalendarAddress
    reads = ("the events of the calendar, as they stand at its address",)
    every = timedelta(minutes=15)

    def subject(self, config: Mapping[str, Any]) -> str:
        return str(config.get("name") or "")

    def summary(self, link: Link) -> str:
        return "Logs each event of the calendar once it is over."

    def base(self, secrets: Mapping[str, Any]) -> str:
        """A slash at its end is part of it, and would be taken off."""
        url = str(secrets.get("url") or "")
        return f"{url}?" if url.endswith("/") else url

    def headers(self, secrets: Mapping[str, Any]) -> dict[str, str]:
        return {}

    def introduced(self, typed: Mapping[str, Any], client: Client) -> Account:
        url = str(typed["url"])
        title = Calendar.of(self._fetched(client, {}).body).title
        uid = f"calendar:{fingerprint(url.encode())[:32]}"
        return Account(uid=uid, name=title or urlsplit(url).netloc, secrets={"url": url})

    def poll(self, client: Client, link: Link, cursor: Mapping[str, Any]) -> Polled:
        """Time passes even where nothing changes: once an event is over, the calendar is asked for
        whatever it holds."""
        news = News(datetime.now(UTC).replace(microsecond=0), cursor)
        answer = self._fetched(client, {} if news.is_due else cursor)
        if answer.status == 304:
            return Polled(cursor=cursor)
        found = Calendar.of(answer.body).occurrences(news.begin, news.end)
        names = ("etag", "last-modified")
        kept = {name: answer.headers[name] for name in names if name in answer.headers}
        return Polled(news.hooks(found), {**kept, **news.cursor(found)})

    def _fetched(self, client: Client, cursor: Mapping[str, Any]) -> Answer:
        """Nothing where nothing has changed: https://www.rfc-editor.org/rfc/rfc9110#section-13"""
        since = {"If-None-Match": "etag", "If-Modified-Since": "last-modified"}
        client.headers |= {name: cursor[key] for name, key in since.items() if cursor.get(key)}
        answer = client.send("GET", "")
        if answer.status in MOVED:
            there = urlsplit(line(answer.headers.get("location"))).netloc or "another place"
            raise Never(f"The calendar has moved to {there[:200]}. Type its address there instead.")
        if answer.status != 304:
            client.judge(answer, "")
        return answer

    def hook(self, hook: Hook, link: Link) -> Iterator[Event]:
        said = occurrence_of(hook)
        key = f"{link.hash_id}:{line(said.get('id'))}"
        whose = people(said, line(link.config.get("whose")))
        if line(said.get("status")) in OFF:
            yield from (Retract(key=keyed(key, who), as_of=hook.received_at) for who in whose)
        elif refused := refusal(said, link.config):
            yield refused
        else:
            yield from (draft(said, keyed(key, who), who, hook.received_at) for who in whose)


def occurrence_of(hook: Hook) -> Mapping[str, Any]:
    return json_object(hook.json, "An event")


def people(said: Mapping[str, Any], whose: str) -> list[Actor]:
    """Whose done it is; where the calendar names nobody, of who made the link. What stands in a
    calendar anybody can have written who may invite: no address is vouched for."""
    organizer, invited = record(said.get("organizer")), records(said.get("attendees"))
    accepted = [each for each in invited if each.get("says") == "ACCEPTED"]
    named = {"organizer": [organizer], "attendees": accepted}.get(whose, [])
    found = {line(each.get("email")): line(each.get("name")) for each in named}
    return [Actor(uid=m, login=m, name=name, email=m) for m, name in found.items() if m] or [NOBODY]


def keyed(key: str, who: Actor) -> str:
    return f"{key}:{who.uid}" if who.uid else key


def refusal(said: Mapping[str, Any], config: Mapping[str, Any]) -> Ignored | None:
    if said.get("private"):
        return Ignored(Reason.PRIVATE, "The event is private.")
    if said.get("free") and not config.get("free"):
        return Ignored(Reason.FILTERED, "The event is shown as free, which this link leaves out.")
    if has_declined(said, line(config.get("me")).lower()):
        return Ignored(Reason.FILTERED, "You have declined the event.")
    title = line(said.get("title"))
    if not has_word(title, line(config.get("words"))):
        return Ignored(Reason.FILTERED, "Its title has none of the words that this link asks for.")
    return None if title else Ignored(Reason.UNSUPPORTED, "The event has no title.")


def has_declined(said: Mapping[str, Any], me: str) -> bool:
    return any(
        each.get("says") == "DECLINED" and each.get("email") == me
        for each in records(said.get("attendees"))
    )


def has_word(title: str, words: str) -> bool:
    wanted = [re.escape(word.strip()) for word in words.split(",") if word.strip()]
    return not wanted or bool(re.search(rf"(?<!\w)({'|'.join(wanted)})(?!\w)", title, re.I))


def draft(said: Mapping[str, Any], key: str, who: Actor, as_of: datetime) -> Draft:
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


integration = Ical()
