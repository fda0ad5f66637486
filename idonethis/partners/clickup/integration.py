"""ClickUp: a completed task becomes a done of who completes it.

https://developer.clickup.com/docs/webhooks"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, ClassVar

from django import forms

from idonethis.integrations.base import (
    Asks,
    Choice,
    Client,
    Event,
    Expands,
    Hmac,
    Hook,
    Link,
    LinkForm,
    OAuth2,
    Reason,
    Registers,
    picked,
)
from idonethis.partners.clickup import api
from idonethis.partners.clickup.reading import Told
from idonethis.partners.clickup.refusals import ANSWERS


class ClickUpForm(LinkForm):
    picks: ClassVar[tuple[str, ...]] = ("workspace",)

    #: The workspace's id, and after a bar its name.
    workspace = forms.CharField(max_length=300, required=False, initial="")
    list = forms.CharField(
        label="Only this list",
        max_length=40,
        required=False,
        initial="",
        help_text="The number in the address of the list. Empty: all lists of the workspace.",
    )


class ClickUp(Expands, Registers):
    name = "ClickUp"
    category = "Planning"
    introducer = registrar = api
    tagline = "Completed tasks become dones of whoever completes them."
    link_form = ClickUpForm
    asks = Asks(labels=True)
    addresses: ClassVar[dict[str, str]] = {
        "web": "https://app.clickup.com",
        "api": "https://api.clickup.com/api/v2",
    }
    # https://developer.clickup.com/docs/authentication#oauth-flow: it knows no scopes and no PKCE.
    oauth = OAuth2(
        authorize_url="{web}/api",
        token_url="{api}/oauth/token",  # noqa: S106
        scopes=(),
        pkce=False,
    )
    reads = ("your name and mail address", "the names of your workspaces", "completed tasks")
    writes = ("one webhook for each workspace or list that you link",)
    answers = ANSWERS
    # https://developer.clickup.com/docs/webhooksignature
    signature = Hmac("X-Signature")
    their_secret = "ClickUp’s API tells it in the answer to the creation of the webhook."  # noqa: S105
    # https://developer.clickup.com/docs/webhookhealth: 401 and 410 suspend the webhook at once.
    refusals: ClassVar[dict[Reason, int]] = {
        Reason.BAD_SIGNATURE: 400,
        Reason.UNKNOWN_ENDPOINT: 400,
        Reason.LINK_REMOVED: 404,
    }
    hook_events = api.EVENTS

    def subject(self, config: Mapping[str, Any]) -> str:
        """``workspace`` or ``workspace/list``."""
        workspace, number = picked(config.get("workspace"))[0], config.get("list")
        return f"{workspace}/{number}" if workspace and number else workspace

    def short_name(self, link: Link) -> str:
        name, number = picked(link.config.get("workspace"))[1], link.config.get("list")
        return f"{name}, list {number}" if name and number else name or self.name

    def summary(self, link: Link) -> str:
        return "Logs completed tasks"

    def choices(self, field: str, query: str, client: Client) -> Sequence[Choice]:
        return api.workspaces(client, query)

    def check(self, config: Mapping[str, Any], client: Client) -> None:
        if number := str(config.get("list") or ""):
            api.check_list(client, number)

    def check_readable(self, hook: Hook) -> None:
        """Its name is in the body."""
        Told.of(hook)

    def delivery_key(self, hook: Hook) -> str:
        return Told.of(hook).key or super().delivery_key(hook)

    def event(self, hook: Hook) -> str:
        return Told.of(hook).event

    def expand(self, hook: Hook, client: Client, link: Link) -> Mapping[str, Any]:
        told = Told.of(hook)
        return api.task(client, told.task) if told.changes else {}

    def hook(self, hook: Hook, link: Link) -> Iterator[Event]:
        yield from Told.of(hook).events()


integration = ClickUp()
