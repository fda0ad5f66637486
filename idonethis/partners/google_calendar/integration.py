"""Google Calendar: an event that is over becomes a done. The calendar is asked what has changed and
what is over by now; that something has changed, Google says by itself.

https://developers.google.com/workspace/calendar/api/guides/overview"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, ClassVar

from django.utils import timezone

from idonethis.integrations.base import (
    EMPTY,
    Backfills,
    Choice,
    Client,
    Hook,
    Link,
    MadeHook,
    OAuth2,
    PastPage,
    PicksOne,
    Polled,
    Renews,
    Response,
    Secret,
    SharedToken,
    StandingHook,
    Wakes,
    line,
)
from idonethis.integrations.kits.calendars import Calendars
from idonethis.integrations.kits.looks import Look
from idonethis.partners.google_calendar import api, channels
from idonethis.partners.google_calendar.forms import CalendarForm
from idonethis.partners.google_calendar.past import page
from idonethis.partners.google_calendar.refusals import ANSWERS

SCOPES = "https://www.googleapis.com/auth/"


class GoogleCalendar(PicksOne, Calendars, Backfills, Wakes, Renews):
    name = "Google Calendar"
    category = "Time and calendar"
    introducer = api
    tagline = (
        "What is over in a calendar becomes a done; what is moved or cancelled follows at once."
    )
    link_form = CalendarForm
    place = "calendar"
    logs = "events are"
    every = timedelta(minutes=15)
    answers = ANSWERS
    addresses: ClassVar[dict[str, str]] = {
        "web": "https://accounts.google.com",
        "oauth": "https://oauth2.googleapis.com",
        "api": "https://www.googleapis.com/calendar/v3",
    }
    # https://developers.google.com/identity/protocols/oauth2/web-server: without these two, Google
    # lets us in for an hour only.
    oauth = OAuth2(
        authorize_url="{web}/o/oauth2/v2/auth",
        token_url="{oauth}/token",  # noqa: S106
        scopes=(f"{SCOPES}calendar.calendarlist.readonly", f"{SCOPES}calendar.events.readonly"),
        authorize_params={"access_type": "offline", "prompt": "consent"},
    )
    reads = ("the names of your calendars, to pick one", "the events of your calendars")
    # https://developers.google.com/workspace/calendar/api/guides/push#receive-notifications
    signature = SharedToken("X-Goog-Channel-Token")

    def revoke(self, secrets: Mapping[str, Any], client: Client, *, client_id: str) -> None:
        api.revoke(Client(self.address("oauth"), answers=ANSWERS, name=self.name), secrets)

    def choices(self, field: str, query: str, client: Client) -> Sequence[Choice]:
        return api.calendars(client, query)

    def check(self, config: Mapping[str, Any], client: Client) -> None:
        super().check(config, client)
        api.check(client, self.subject(config))

    def create_hook(
        self, client: Client, subject: str, *, url: str, secret: Secret, remote_id: str = ""
    ) -> MadeHook:
        return channels.watch(client, subject, url=url, secret=secret)

    def standing_hook(
        self, client: Client, subject: str, *, url: str, remote_id: str
    ) -> StandingHook | None:
        """Google shows nobody which channels stand. One is believed in until it runs out, and were
        it gone, the calendar would still be asked every quarter of an hour."""
        return StandingHook(remote_id, url) if remote_id else None

    def destroy_hook(self, client: Client, subject: str, *, url: str, remote_id: str) -> None:
        channels.stop(client, remote_id)

    def challenge(self, hook: Hook) -> Response | None:
        """The first message of a channel says no more than that it works."""
        return EMPTY if hook.header("X-Goog-Resource-State") == "sync" else None

    def poll(self, client: Client, link: Link, cursor: Mapping[str, Any]) -> Polled:
        now, anew = timezone.now().replace(microsecond=0), {"calendar": link.subject}
        before = cursor if cursor.get("calendar") == link.subject else anew
        look = Look(now, before, whose=line(link.config.get("whose")))
        changed = api.changed(client, link.subject, token=look.token, since=look.since)
        over = api.between(client, link.subject, begin=look.begin, end=look.now)
        return look.found([*changed.events, *over.events], token=changed.token)

    def past(
        self, client: Client, link: Link, *, since: datetime, cursor: Mapping[str, Any]
    ) -> PastPage:
        return page(client, link.subject, since=since, cursor=cursor)


integration = GoogleCalendar()
