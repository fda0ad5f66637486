"""Trello: a card that is moved to a list such as Done, or marked as complete, becomes a done.

https://developer.atlassian.com/cloud/trello/guides/rest-api/webhooks/"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, ClassVar
from urllib.parse import quote

from idonethis.integrations.base import (
    Account,
    Asks,
    Backfills,
    Choice,
    Client,
    Event,
    Hmac,
    Hook,
    Link,
    OAuth1,
    PastPage,
    PicksOne,
    Place,
    SignsAsClient,
    Text,
    line,
)
from idonethis.integrations.kits.boards import done_lists
from idonethis.partners.trello import api, past
from idonethis.partners.trello.forms import TrelloForm
from idonethis.partners.trello.reading import Happening
from idonethis.partners.trello.refusals import ANSWERS


class Trello(PicksOne, SignsAsClient, Backfills):
    name = "Trello"
    category = "Planning"
    registrar = api
    tagline = "Cards that are moved to Done, or marked as complete, become dones."
    link_form = TrelloForm
    place = "board"
    logs = "cards are"
    asks = Asks(place=Place("board", "boards", usual="every board"))
    addresses: ClassVar[dict[str, str]] = {
        "web": "https://trello.com/1",
        "api": "https://api.trello.com/1",
    }
    # https://developer.atlassian.com/cloud/trello/guides/rest-api/authorization/#using-basic-oauth
    oauth = OAuth1(
        request_url="{web}/OAuthGetRequestToken",
        authorize_url="{web}/OAuthAuthorizeToken",
        token_url="{web}/OAuthGetAccessToken",  # noqa: S106
        authorize_params={"name": "I Done This", "scope": "read", "expiration": "never"},
    )
    reads = ("your name", "the names of boards, to pick one", "what happens to cards")
    writes = ("one webhook for each board that you link",)
    # https://developer.atlassian.com/cloud/trello/guides/rest-api/webhooks/#webhook-signatures
    signature = Hmac(
        "X-Trello-Webhook", algorithm="sha1", encoding=Text.BASE64, template="{body}{url}"
    )
    their_secret = "Trello shows it beside the API key of your Power-Up, as the secret."  # noqa: S105
    answers = ANSWERS

    def summary(self, link: Link) -> str:
        return "Logs cards that are done"

    def base(self, secrets: Mapping[str, Any]) -> str:
        """Webhooks belong to a token, and are listed by it alone."""
        token = quote(str(secrets.get("access_token", "")), safe="")
        return f"{self.address('api')}/tokens/{token}"

    def headers(self, secrets: Mapping[str, Any]) -> dict[str, str]:
        """https://developer.atlassian.com/cloud/trello/guides/rest-api/authorization/#passing-token-and-key-in-api-requests"""
        key, token = secrets.get("consumer_key", ""), secrets.get("access_token", "")
        return {"Authorization": f'OAuth oauth_consumer_key="{key}", oauth_token="{token}"'}

    @property
    def _me(self) -> str:
        return f"{self.address('api')}/members/me"

    def identify(self, token: Mapping[str, Any], client: Client) -> Account:
        return api.account(client, self._me, token)

    def choices(self, field: str, query: str, client: Client) -> Sequence[Choice]:
        return api.boards(client, self._me, query)

    def past(
        self, client: Client, link: Link, *, since: datetime, cursor: Mapping[str, Any]
    ) -> PastPage:
        board = f"{self.address('api')}/boards/{quote(link.subject, safe='')}"
        asking = past.Asking(client, board, done_lists(link.config))
        return past.page(asking, since=since, cursor=cursor)

    def check_readable(self, hook: Hook) -> None:
        Happening.of(hook.json)

    def delivery_key(self, hook: Hook) -> str:
        """What is sent again carries the same action."""
        return line(Happening.of(hook.json).action.get("id")) or super().delivery_key(hook)

    def event(self, hook: Hook) -> str:
        return Happening.of(hook.json).type[:80]

    def hook(self, hook: Hook, link: Link) -> Iterator[Event]:
        yield Happening.of(hook.json, done=done_lists(link.config)).event


integration = Trello()
