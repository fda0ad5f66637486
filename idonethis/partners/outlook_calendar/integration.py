"""Outlook Calendar: an event that is over becomes a done. The calendar is asked what is over by
now; that something has changed, Microsoft says by itself.

https://learn.microsoft.com/en-us/graph/outlook-calendar-concept-overview"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, ClassVar
from urllib.parse import parse_qs

from django.utils import timezone

from idonethis.integrations.base import (
    Backfills,
    Choice,
    Client,
    Hook,
    InBody,
    Link,
    MadeHook,
    OAuth2,
    PastPage,
    PicksOne,
    Polled,
    Renews,
    Response,
    Secret,
    StandingHook,
    Wakes,
    line,
)
from idonethis.integrations.kits.calendars import Calendars
from idonethis.integrations.kits.looks import Look
from idonethis.partners.outlook_calendar import api, subscriptions
from idonethis.partners.outlook_calendar.forms import CalendarForm
from idonethis.partners.outlook_calendar.refusals import ANSWERS

#: Times in UTC, and names that an event keeps when it is moved:
#: https://learn.microsoft.com/en-us/graph/outlook-immutable-id
PREFER = 'outlook.timezone="UTC", IdType="ImmutableId"'
#: Of what Microsoft has said back to it, in characters.
LONGEST = 2000


class OutlookCalendar(PicksOne, Calendars, Backfills, Wakes, Renews):
    name = "Outlook Calendar"
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
        "web": "https://login.microsoftonline.com",
        "api": "https://graph.microsoft.com/v1.0",
    }
    # https://learn.microsoft.com/en-us/entra/identity-platform/v2-oauth2-auth-code-flow
    oauth = OAuth2(
        authorize_url="{web}/common/oauth2/v2.0/authorize",
        token_url="{web}/common/oauth2/v2.0/token",  # noqa: S106
        scopes=("offline_access", "User.Read", "Calendars.Read"),
    )
    reads = ("your name and mail address", "the names and the events of your calendars")
    # https://learn.microsoft.com/en-us/graph/api/resources/changenotification
    signature = InBody("clientState", each="value")

    def headers(self, secrets: Mapping[str, Any]) -> dict[str, str]:
        return {**super().headers(secrets), "Prefer": PREFER}

    def choices(self, field: str, query: str, client: Client) -> Sequence[Choice]:
        return api.calendars(client, query)

    def check(self, config: Mapping[str, Any], client: Client) -> None:
        super().check(config, client)
        api.check(client, self.subject(config))

    def hook_subject(self, config: Mapping[str, Any], uid: str) -> str:
        """Microsoft tells of all calendars of an account together."""
        return uid

    def create_hook(
        self, client: Client, subject: str, *, url: str, secret: Secret, remote_id: str = ""
    ) -> MadeHook:
        return subscriptions.subscribe(client, url=url, secret=secret)

    def standing_hook(
        self, client: Client, subject: str, *, url: str, remote_id: str
    ) -> StandingHook | None:
        return subscriptions.standing(client, remote_id)

    def destroy_hook(self, client: Client, subject: str, *, url: str, remote_id: str) -> None:
        subscriptions.end(client, remote_id)

    def greeting(self, hook: Hook) -> Response | None:
        """https://learn.microsoft.com/en-us/graph/change-notifications-delivery-webhooks"""
        token = parse_qs(hook.query[: 3 * LONGEST]).get("validationToken", [""])[0]
        return Response(200, token.encode()) if 0 < len(token) <= LONGEST else None

    def poll(self, client: Client, link: Link, cursor: Mapping[str, Any]) -> Polled:
        now, anew = timezone.now().replace(microsecond=0), {"calendar": link.subject}
        before = cursor if cursor.get("calendar") == link.subject else anew
        look = Look(now, before, whose=line(link.config.get("whose")))
        listed = api.between(client, link.subject, begin=look.reach, end=look.now)
        return look.found(look.differing(listed), token="")

    def past(
        self, client: Client, link: Link, *, since: datetime, cursor: Mapping[str, Any]
    ) -> PastPage:
        return api.past(client, link.subject, since=since, cursor=cursor)


integration = OutlookCalendar()
