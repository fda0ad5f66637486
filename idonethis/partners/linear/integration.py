"""Linear: a completed issue becomes a done, a blocked or reopened one is told as it is.

https://linear.app/developers/webhooks"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, ClassVar

from idonethis.integrations.base import (
    MILLISECONDS,
    Asks,
    Backfills,
    Choice,
    Client,
    Event,
    Hmac,
    Hook,
    Ignored,
    Link,
    OAuth2,
    PastPage,
    Picks,
    Place,
    Reason,
    SignsAsTold,
    Stamp,
    Topic,
    line,
    record,
)
from idonethis.partners.linear import api, past
from idonethis.partners.linear.forms import LinearForm
from idonethis.partners.linear.reading import Change, initiative, issue, project
from idonethis.partners.linear.refusals import ANSWERS

READERS: Mapping[str, Callable[[Change], Iterator[Event]]] = {
    "Issue": issue,
    "Project": project,
    "Initiative": initiative,
}
TOPICS = {
    "Issue": Topic("Completed issues", "completed issues"),
    "Project": Topic("Completed projects", "completed projects"),
    "Initiative": Topic("Completed initiatives", "completed initiatives"),
}


class Linear(Picks, SignsAsTold, Backfills):
    name = "Linear"
    category = "Planning"
    introducer = registrar = api
    tagline = "Completed issues, projects and initiatives become dones."
    link_form = LinearForm
    place = "linear_team"
    asks = Asks(
        topics=TOPICS,
        bots=True,
        place=Place("team", "teams", usual="every team"),
        labels=True,
    )
    addresses: ClassVar[dict[str, str]] = {
        "web": "https://linear.app",
        "api": "https://api.linear.app",
    }
    # https://linear.app/developers/oauth-2-0-authentication; webhooks take the second scope.
    oauth = OAuth2(
        authorize_url="{web}/oauth/authorize",
        token_url="{api}/oauth/token",  # noqa: S106
        scopes=("read", "admin"),
        scope_separator=",",
    )
    answers = ANSWERS
    reads = (
        "your name and mail address",
        "the names of teams, to pick one",
        "what was completed before, where you import it",
    )
    writes = ("one webhook for each team that you link",)
    # https://linear.app/developers/webhooks#securing-webhooks: for a minute.
    signature = Hmac(
        "Linear-Signature",
        stamp=Stamp(
            field="webhookTimestamp", per_second=MILLISECONDS, tolerance=timedelta(minutes=1)
        ),
    )
    their_secret = "Linear shows it under Settings → API → Webhooks, as the signing secret."  # noqa: S105
    delivery_header = "Linear-Delivery"
    event_header = "Linear-Event"
    hook_events = api.EVENTS

    def revoke(self, secrets: Mapping[str, Any], client: Client, *, client_id: str) -> None:
        """By the token itself: who this server is counts for nothing there."""
        api.revoke(Client(self.address("api"), answers=self.answers, name=self.name), secrets)

    def choices(self, field: str, query: str, client: Client) -> Sequence[Choice]:
        return api.places(client, query)

    def check(self, config: Mapping[str, Any], client: Client) -> None:
        api.check(client, self.subject(config))

    def hooks_page(self, subject: str) -> str:
        return f"{self.address('web')}/settings/api"

    def past(
        self, client: Client, link: Link, *, since: datetime, cursor: Mapping[str, Any]
    ) -> PastPage:
        events = set(link.config.get("events", TOPICS))
        return past.page(client, link.subject, events=events, since=since, cursor=cursor)

    def event(self, hook: Hook) -> str:
        said = record(hook.json)
        return ".".join(filter(None, (line(said.get("type")), line(said.get("action")))))[:80]

    def hook(self, hook: Hook, link: Link) -> Iterator[Event]:
        change = Change.of(hook.json)
        reader = READERS.get(change.type)
        if reader is None:
            yield Ignored(Reason.UNSUPPORTED, f"Linear’s “{change.type}” never makes an entry.")
        else:
            yield from reader(change)


integration = Linear()
