"""Taiga: a closed user story, task, issue or epic becomes a done, and so does a closed sprint.

https://docs.taiga.io/webhooks.html, https://docs.taiga.io/api.html

Taiga gives people no tokens to paste. Tokens of applications have no end, but an application is
registered by whoever runs the server, whom at taiga.io few can ask. So a person types the password,
which we exchange at once for a pair of tokens, and do not keep. Each pair gets us the next one; the
daily look at the webhook comes before it ends."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from idonethis.integrations.base import (
    Choice,
    Client,
    Event,
    Hmac,
    Hook,
    Ignored,
    Link,
    Reason,
    line,
    record,
)
from idonethis.integrations.kits.servers import AtServers
from idonethis.partners.taiga import api
from idonethis.partners.taiga.forms import ASKS, CLOUD, TOPICS, TaigaCredentials, TaigaForm
from idonethis.partners.taiga.reading import Change, events
from idonethis.partners.taiga.refusals import ANSWERS

#: Taiga's own has an address of its own for calls: https://docs.taiga.io/api.html#_general_notes
CLOUD_API = "https://api.taiga.io"


class Taiga(AtServers):
    name = "Taiga"
    category = "Planning"
    introducer = registrar = api
    tagline = "Closed user stories, tasks, issues, epics and sprints become dones."
    api_path = "/api/v1"
    place = "project"
    credentials = TaigaCredentials
    link_form = TaigaForm
    asks = ASKS
    reads = (
        "your name",
        "the names of your projects, to pick one",
        "what changes in the project",
    )
    writes = ("one webhook for each project that you link",)
    answers = ANSWERS
    # https://docs.taiga.io/webhooks.html#_verify_signature
    signature = Hmac("X-TAIGA-WEBHOOK-SIGNATURE", algorithm="sha1")

    def summary(self, link: Link) -> str:
        said = self.asks.said(link.config)
        return f"Logs closed {', '.join(said)}" if said else "Logs nothing"

    def base(self, secrets: Mapping[str, Any]) -> str:
        return super().base(secrets).replace(f"{CLOUD}/", f"{CLOUD_API}/")

    def site(self, client: Client) -> str:
        site = super().site(client)
        return CLOUD if site == CLOUD_API else site

    def headers(self, secrets: Mapping[str, Any]) -> dict[str, str]:
        """https://docs.taiga.io/api.html#_authentication, and #_pagination

        Whoever shows a token that has ended is refused everywhere, also where none is needed."""
        token = secrets.get("access_token")
        proof = {"Authorization": f"Bearer {token}"} if token else {}
        return {"x-disable-pagination": "True", **proof}

    def prolonged(self, secrets: Mapping[str, Any], client: Client) -> Mapping[str, Any]:
        return api.prolonged(client, str(secrets["refresh_token"]))

    def choices(self, field: str, query: str, client: Client) -> Sequence[Choice]:
        return api.projects(client, self.site(client), query)

    def hooks_page(self, subject: str) -> str:
        return f"{subject}/admin/third-parties/webhooks"

    def event(self, hook: Hook) -> str:
        said = record(hook.json)
        return ".".join(filter(None, (line(said.get("type")), line(said.get("action")))))[:80]

    def topic(self, hook: Hook) -> str:
        return line(record(hook.json).get("type"))

    def hook(self, hook: Hook, link: Link) -> Iterator[Event]:
        change = Change.of(hook.json)
        if change.action == "test":
            yield Ignored(Reason.PING, "Taiga has tried whether the address works.")
        elif change.kind not in TOPICS:
            yield Ignored(Reason.UNSUPPORTED, f"Taiga’s “{change.kind}” never makes an entry.")
        else:
            yield from events(change)


integration = Taiga()
