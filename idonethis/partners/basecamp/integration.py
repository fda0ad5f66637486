"""Basecamp: a completed to-do or card becomes a done of whoever completes it.

https://github.com/basecamp/bc3-api/blob/master/sections/webhooks.md"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, ClassVar

from django.conf import settings

from idonethis.integrations.base import (
    Account,
    Asks,
    Choice,
    Client,
    Event,
    Hook,
    InAddress,
    Link,
    OAuth2,
    PicksOne,
    Place,
    Registers,
    Topic,
    line,
)
from idonethis.partners.basecamp import api
from idonethis.partners.basecamp.answers import ANSWER, answered, wanted
from idonethis.partners.basecamp.forms import BasecampForm
from idonethis.partners.basecamp.reading import Happening
from idonethis.partners.basecamp.refusals import ANSWERS

TOPICS = {
    "todo": Topic("Completed to-dos", "completed to-dos"),
    "kanban_card": Topic("Completed cards", "completed cards"),
}


class Basecamp(PicksOne, Registers):
    name = "Basecamp"
    category = "Planning"
    registrar = api
    tagline = "Completed to-dos and cards become dones of whoever completes them."
    link_form = BasecampForm
    place = "project"
    asks = Asks(topics=TOPICS, bots=True, place=Place("project", "projects", usual="every project"))
    addresses: ClassVar[dict[str, str]] = {
        "web": "https://launchpad.37signals.com",
        "api": "https://3.basecampapi.com",
        "app": "https://3.basecamp.com",
    }
    # https://github.com/basecamp/bc3-api/blob/master/sections/authentication.md: it knows neither
    # PKCE nor scopes.
    oauth = OAuth2(
        authorize_url="{web}/authorization/new",
        token_url="{web}/authorization/token",  # noqa: S106
        scopes=(),
        pkce=False,
    )
    answers = ANSWERS
    reads = (
        "your name",
        "the names of your accounts and projects, to pick one",
        "completed to-dos and cards, as webhooks bring them",
    )
    writes = ("one webhook in each project that you link",)
    # https://github.com/basecamp/bc3-api/blob/master/sections/webhooks.md: nothing is signed.
    signature = InAddress()
    hook_events = api.TYPES

    def summary(self, link: Link) -> str:
        said = self.asks.said(link.config) + ["answers"] * bool(wanted(link.config))
        return f"Logs {' and '.join(said) or 'nothing'}"

    def headers(self, secrets: Mapping[str, Any]) -> dict[str, str]:
        """https://github.com/basecamp/bc3-api/blob/master/README.md#identifying-your-application"""
        return {**super().headers(secrets), "User-Agent": f"I Done This ({settings.BASE_URL})"}

    def identify(self, token: Mapping[str, Any], client: Client) -> Account:
        return api.account(client, token, self.address("web"))

    def choices(self, field: str, query: str, client: Client) -> Sequence[Choice]:
        return api.projects(client, query, self.address("web"))

    def hooks_page(self, subject: str) -> str:
        number, _, project = subject.partition("/")
        return f"{self.address('app')}/{number}/buckets/{project}/webhooks"

    def check_readable(self, hook: Hook) -> None:
        Happening.of(hook.json)

    def delivery_key(self, hook: Hook) -> str:
        """What is sent again, up to ten times, carries the same id."""
        return line(Happening.of(hook.json).body.get("id")) or super().delivery_key(hook)

    def event(self, hook: Hook) -> str:
        return Happening.of(hook.json).kind[:80]

    def topic(self, hook: Hook) -> str:
        return Happening.of(hook.json).thing

    def hook(self, hook: Hook, link: Link) -> Iterator[Event]:
        happening = Happening.of(hook.json)
        if happening.kind.startswith(ANSWER):
            yield answered(happening, wanted(link.config))
        else:
            yield happening.event


integration = Basecamp()
