"""Notion: a page whose status becomes complete is a done of who set it so.

https://developers.notion.com/reference/webhooks"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, ClassVar

from idonethis.integrations.base import (
    Account,
    Asks,
    Client,
    Event,
    Expands,
    Hmac,
    Hook,
    Link,
    OAuth2,
    Secret,
    ShakesHands,
    line,
    record,
)
from idonethis.partners.notion import api
from idonethis.partners.notion.reading import Told
from idonethis.partners.notion.refusals import ANSWERS

#: https://developers.notion.com/reference/versioning
VERSION = "2025-09-03"


class Notion(ShakesHands, Expands):
    name = "Notion"
    category = "Planning"
    tagline = "Pages whose status becomes complete are dones of whoever set it so."
    asks = Asks(bots=True)
    addresses: ClassVar[dict[str, str]] = {
        "web": "https://www.notion.so",
        "api": "https://api.notion.com",
    }
    # https://developers.notion.com/docs/authorization: what may be read is set at Notion's page.
    oauth = OAuth2(
        authorize_url="{api}/v1/oauth/authorize",
        token_url="{api}/v1/oauth/token",  # noqa: S106
        scopes=(),
        pkce=False,
        token_auth="client_secret_basic",  # noqa: S106
        token_body="json",  # noqa: S106
        authorize_params={"owner": "user"},
        token_headers={"Notion-Version": VERSION},
    )
    reads = ("pages that you share, once their status changes", "who changed them, and their mail")
    answers = ANSWERS
    # https://developers.notion.com/reference/webhooks#step-3-validating-event-payloads-recommended
    signature = Hmac("X-Notion-Signature", prefix="sha256=")
    their_secret = "Notion hands it over by itself, as soon as it is told of this address."  # noqa: S105
    typed_back = "Verification token"

    def headers(self, secrets: Mapping[str, Any]) -> dict[str, str]:
        return {**super().headers(secrets), "Notion-Version": VERSION}

    def summary(self, link: Link) -> str:
        return "Logs pages whose status becomes complete"

    def identify(self, token: Mapping[str, Any], client: Client) -> Account:
        return api.account(token)

    def handed_over(self, hook: Hook) -> Secret:
        return Secret(line(record(hook.json).get("verification_token")))

    def check_readable(self, hook: Hook) -> None:
        """Its name is in the body."""
        Told.of(hook)

    def delivery_key(self, hook: Hook) -> str:
        return Told.of(hook).key or super().delivery_key(hook)

    def event(self, hook: Hook) -> str:
        return Told.of(hook).event

    def expand(self, hook: Hook, client: Client, link: Link) -> Mapping[str, Any]:
        told = Told.of(hook)
        return api.page(client, told.page, told.people) if told.is_of_interest else {}

    def hook(self, hook: Hook, link: Link) -> Iterator[Event]:
        yield from Told.of(hook).events()


integration = Notion()
