"""A partner whose webhooks hold for some days only; it exists only here."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from django.utils import timezone

from idonethis.integrations.base import (
    Actor,
    Client,
    Draft,
    Event,
    Hmac,
    Hook,
    Link,
    MadeHook,
    OAuth2,
    Renews,
    Secret,
    StandingHook,
)

TERM = timedelta(days=4)


class Sundial(Renews):
    integration_type = "sundial"
    name = "Sundial"
    tagline = "Hours become dones."
    signature = Hmac("x-sundial-signature")
    delivery_header = "x-sundial-delivery"
    oauth = OAuth2(authorize_url="", token_url="", scopes=())

    def __init__(self) -> None:
        self.hooks: dict[str, str] = {}
        #: What it did, in order.
        self.did: list[str] = []
        #: What it says instead, to whom wants a webhook made or removed.
        self.no_making: BaseException | None = None
        self.no_removing: BaseException | None = None

    def subject(self, config):
        return str(config.get("dial") or "")

    def summary(self, link: Link) -> str:
        return "Hours become dones."

    def create_hook(
        self, client: Client, subject: str, *, url: str, secret: Secret, remote_id: str = ""
    ) -> MadeHook:
        if self.no_making:
            raise self.no_making
        name = f"hook-{len(self.did)}"
        self.hooks[name] = url
        self.did.append(f"made {name}")
        return MadeHook(name, until=timezone.now() + TERM)

    def standing_hook(
        self, client: Client, subject: str, *, url: str, remote_id: str
    ) -> StandingHook | None:
        return StandingHook(remote_id, url) if remote_id in self.hooks else None

    def destroy_hook(self, client: Client, subject: str, *, url: str, remote_id: str) -> None:
        if self.no_removing:
            raise self.no_removing
        self.hooks.pop(remote_id, None)
        self.did.append(f"removed {remote_id}")

    def hook(self, hook: Hook, link: Link) -> Iterator[Event]:
        hour = hook.json["hour"]
        yield Draft(body=f"Rang {hour}", key=f"hour:{hour}", actor=Actor(uid="1815"))
