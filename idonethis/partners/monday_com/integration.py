"""monday.com: an item whose status becomes done is a done of who set it so.

https://developer.monday.com/api-reference/reference/webhooks"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, ClassVar

from django import forms

from idonethis.integrations.base import (
    Choice,
    Client,
    Event,
    Expands,
    Hook,
    Jwt,
    Link,
    LinkForm,
    OAuth2,
    Picks,
    Registers,
    Response,
    SignsForAll,
)
from idonethis.partners.monday_com import api
from idonethis.partners.monday_com.reading import Told
from idonethis.partners.monday_com.refusals import ANSWERS

#: More than any challenge is, in characters.
LONGEST = 500


class MondayForm(LinkForm):
    picks: ClassVar[tuple[str, ...]] = ("board",)

    #: The board's id, and after a bar its name.
    board = forms.CharField(max_length=300, required=False, initial="")


class Monday(Picks, Expands, SignsForAll, Registers):
    name = "monday.com"
    category = "Planning"
    introducer = registrar = api
    tagline = "Items whose status becomes done are dones of whoever set it so."
    link_form = MondayForm
    place = "board"
    addresses: ClassVar[dict[str, str]] = {
        "web": "https://auth.monday.com",
        "api": "https://api.monday.com/v2",
    }
    # https://developer.monday.com/apps/docs/oauth
    oauth = OAuth2(
        authorize_url="{web}/oauth2/authorize",
        token_url="{web}/oauth2/token",  # noqa: S106
        scopes=("me:read", "users:read", "boards:read", "webhooks:read", "webhooks:write"),
        pkce=False,
    )
    reads = ("your name and mail address", "the names of boards, to pick one", "items and people")
    writes = ("one webhook in each board that you link",)
    answers = ANSWERS
    # https://developer.monday.com/apps/docs/integration-authorization
    signature = Jwt(claims={"aud": "{url}"})

    def headers(self, secrets: Mapping[str, Any]) -> dict[str, str]:
        """https://developer.monday.com/api-reference/docs/authentication: the token alone."""
        return {"Authorization": str(secrets.get("access_token", "")), "API-Version": api.VERSION}

    def summary(self, link: Link) -> str:
        return "Logs items whose status becomes done"

    def choices(self, field: str, query: str, client: Client) -> Sequence[Choice]:
        return api.boards(client, query)

    def greeting(self, hook: Hook) -> Response | None:
        """https://developer.monday.com/api-reference/reference/webhooks#verify-a-webhook-url"""
        said = hook.json
        if not isinstance(said, dict) or said.keys() != {"challenge"}:
            return None
        challenge = said["challenge"]
        fits = isinstance(challenge, str) and len(challenge) <= LONGEST
        return Response.json({"challenge": challenge}) if fits else None

    def challenge(self, hook: Hook) -> Response | None:
        """The same, where it is signed; nothing for who only looks."""
        return self.greeting(hook) if hook.body else None

    def check_readable(self, hook: Hook) -> None:
        """Its name is in the body."""
        Told.of(hook)

    def delivery_key(self, hook: Hook) -> str:
        return Told.of(hook).key or super().delivery_key(hook)

    def event(self, hook: Hook) -> str:
        return Told.of(hook).event

    def expand(self, hook: Hook, client: Client, link: Link) -> Mapping[str, Any]:
        told = Told.of(hook)
        if not told.is_status:
            return {}
        return api.item(client, told.item, column=told.column, user=told.user)

    def hook(self, hook: Hook, link: Link) -> Iterator[Event]:
        yield Told.of(hook).read()


integration = Monday()
