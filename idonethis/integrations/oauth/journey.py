"""What a journey to a partner and back is, whichever OAuth the partner speaks."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar
from urllib.parse import quote, urlsplit

from idonethis.integrations.base import Integration
from idonethis.integrations.http import Again, Client, Failed, Never

STRAY = (
    "This answer belongs to no journey of yours that is still open: "
    "it is too old, was used already, or began elsewhere."
)


class Denied(Failed):
    """The partner, or the person at the partner, said no to this grant."""


class Misregistered(Again):
    """The partner does not accept this server, whatever the grant: its administrator can help."""


@dataclass(frozen=True)
class Departure:
    """Where a person goes, and what only this server may know when they are back."""

    url: str
    secret: str


@dataclass(frozen=True)
class Conversation:
    """One partner, and this server as that partner knows it."""

    #: What only those bring back who have said yes.
    proof: ClassVar[str] = ""

    integration: Integration
    client_id: str
    client_secret: str
    callback_url: str

    def depart(self, state: str) -> Departure:
        """Where the person says yes or no; they bring the state back. Raises Failed."""
        raise self._speechless

    @property
    def origin(self) -> str:
        """Where the journey leads, as a content security policy names it."""
        spoken = self.integration.oauth
        parts = urlsplit(self._address(spoken.authorize_url)) if spoken else urlsplit("")
        return f"{parts.scheme}://{parts.netloc}"

    def token(self, brought: Mapping[str, str], *, secret: str) -> Mapping[str, Any]:
        """What the person has granted, for what they bring back. Raises Denied; Again where the
        partner does not answer; Never where this is no answer to what we asked."""
        if not self._is_answer(brought, secret=secret):
            raise Never(STRAY)
        if self.proof not in brought:
            raise self._denied(brought)
        return self._exchange(brought[self.proof], secret=secret)

    def _is_answer(self, brought: Mapping[str, str], *, secret: str) -> bool:
        return False

    def _denied(self, brought: Mapping[str, str]) -> Denied:
        name, error = self.integration.name, brought.get("error", "")
        if error in ("access_denied", ""):
            return Denied(f"You cancelled at {name}.")
        return Denied(f"{name} refused: {brought.get('error_description') or error}"[:300])

    def _exchange(self, proof: str, *, secret: str) -> Mapping[str, Any]:
        raise self._speechless

    def knock(self) -> None:
        """Asks whether the partner knows this server. Raises Misregistered where it does not, and
        another Failed where that is not known."""
        raise self._speechless

    def refresh(self, refresh_token: str) -> Mapping[str, Any]:
        """A new token for an old grant. Raises Denied where the grant is dead, Again elsewhere."""
        raise Denied(f"{self.integration.name} renews no access.")

    def revoke(self, secrets: Mapping[str, Any]) -> None:
        """Ends the grant at the partner, where it knows how. Raises Failed."""
        client = Client(self.integration.address("api"), headers=self._as_ourselves)
        self.integration.revoke(secrets, client, client_id=self.client_id)

    @property
    def _as_ourselves(self) -> dict[str, str]:
        """https://datatracker.ietf.org/doc/html/rfc6749#section-2.3.1"""
        pair = f"{quote(self.client_id)}:{quote(self.client_secret)}"
        return {"Authorization": f"Basic {base64.b64encode(pair.encode()).decode()}"}

    def _address(self, template: str) -> str:
        for name in {"web", "api", *self.integration.addresses}:
            template = template.replace(f"{{{name}}}", self.integration.address(name))
        return template

    @property
    def _speechless(self) -> Never:
        return Never(f"{self.integration.name} knows no OAuth.")
