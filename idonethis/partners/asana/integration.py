"""Asana: a completed task becomes a done of who completed it.

https://developers.asana.com/docs/webhooks-guide"""

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
    Picks,
    Registers,
    Response,
    Secret,
    ShakesHands,
)
from idonethis.partners.asana import api
from idonethis.partners.asana.reading import Told
from idonethis.partners.asana.refusals import ANSWERS


class AsanaForm(LinkForm):
    picks: ClassVar[tuple[str, ...]] = ("project",)

    #: The project's id, and after a bar its name.
    project = forms.CharField(
        max_length=300,
        required=False,
        initial="",
        help_text="Its tasks are logged once they are completed.",
    )


class Asana(Picks, ShakesHands, Expands, Registers):
    name = "Asana"
    category = "Planning"
    introducer = registrar = api
    tagline = "Completed tasks of a project become dones of who completes them."
    link_form = AsanaForm
    place = "project"
    asks = Asks(labels=True)
    addresses: ClassVar[dict[str, str]] = {
        "web": "https://app.asana.com",
        "api": "https://app.asana.com/api/1.0",
    }
    # https://developers.asana.com/docs/oauth-scopes
    oauth = OAuth2(
        authorize_url="{web}/-/oauth_authorize",
        token_url="{web}/-/oauth_token",  # noqa: S106
        scopes=(
            "projects:read",
            "tasks:read",
            "users:read",
            "webhooks:read",
            "webhooks:write",
            "webhooks:delete",
            "workspaces.typeahead:read",
        ),
    )
    reads = ("your name and mail address", "the names of projects, to pick one", "completed tasks")
    writes = ("one webhook in each project that you link",)
    answers = ANSWERS
    # https://developers.asana.com/docs/webhooks-guide#security
    signature = Hmac("X-Hook-Signature")
    their_secret = "Asana hands it over by itself, as soon as it is told of this address."  # noqa: S105

    def summary(self, link: Link) -> str:
        return "Logs completed tasks"

    def choices(self, field: str, query: str, client: Client) -> Sequence[Choice]:
        return api.projects(client, query)

    def handed_over(self, hook: Hook) -> Secret:
        return Secret(hook.header("X-Hook-Secret"))

    def shaken(self, hook: Hook) -> Response:
        return Response(headers=(("x-hook-secret", hook.header("X-Hook-Secret")),))

    def event(self, hook: Hook) -> str:
        return Told.of(hook).event

    def expand(self, hook: Hook, client: Client, link: Link) -> Mapping[str, Any]:
        return api.tasks(client, Told.of(hook).tasks)

    def hook(self, hook: Hook, link: Link) -> Iterator[Event]:
        yield from Told.of(hook).events()


integration = Asana()
