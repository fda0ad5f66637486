"""Calendars: an event that is over becomes a done. The calendar is asked for at its address.

https://www.rfc-editor.org/rfc/rfc5545"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from idonethis.integrations.base import (
    Account,
    Answer,
    Client,
    Link,
    Never,
    Polled,
    Polls,
    fingerprint,
    line,
)
from idonethis.integrations.kits.calendars import Calendars
from idonethis.partners.ical.calendars import Calendar
from idonethis.partners.ical.forms import CalendarAddress, CalendarForm
from idonethis.partners.ical.news import News
from idonethis.partners.ical.refusals import ANSWERS

MOVED = (301, 302, 303, 307, 308)


class Ical(Calendars, Polls):
    name = "Calendar"
    category = "Time and calendar"
    tagline = "What is over in a calendar becomes a done: iCalendar addresses, such as Google’s."
    link_form = CalendarForm
    credentials = CalendarAddress
    reads = ("the events of the calendar, as they stand at its address",)
    answers = ANSWERS
    every = timedelta(minutes=15)

    def subject(self, config: Mapping[str, Any]) -> str:
        return str(config.get("name") or "")

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


integration = Ical()
