"""Which link an address belongs to, and with which secrets its hooks must be signed."""

from __future__ import annotations

import time
from typing import NamedTuple

from idonethis.integrations.base import Receives, ReceivesForAll
from idonethis.integrations.models import IntegrationLink, PartnerApp, RegisteredHook
from idonethis.integrations.values import Secret

#: How long an answer is believed, in seconds: a removed link is stale for no longer than this.
BELIEVED = 1.0
#: Forgotten all at once when there are more, so that guessed addresses cannot fill the memory.
MOST = 20_000


class Route(NamedTuple):
    """No link ids: the link has been removed."""

    link_ids: tuple[int, ...]
    secrets: tuple[Secret, ...]


class Routes:
    """Looks routes up, and remembers them for a second."""

    def __init__(self) -> None:
        self._known: dict[tuple[str, str], tuple[float, Route]] = {}

    def remembered(self, integration: Receives, token: str) -> Route | None:
        found = self._known.get((integration.integration_type, token))
        return found[1] if found and found[0] > time.monotonic() else None

    def find(self, integration: Receives, token: str) -> Route | None:
        """Asks the database. None: nobody ever had this address. An address without links is not
        remembered: partners try it the moment it is made, and the link stands a moment later."""
        route = _for_all(integration) if isinstance(integration, ReceivesForAll) else None
        route = route or _by_token(integration, token)
        if len(self._known) > MOST:
            self._known.clear()
        if route and route.link_ids:
            key = (integration.integration_type, token)
            self._known[key] = (time.monotonic() + BELIEVED, route)
        return route


def _for_all(integration: Receives) -> Route:
    secret = PartnerApp.credential(integration.integration_type, "SIGNING_SECRET")
    return Route((0,), (secret,) if secret else ())


def _by_token(integration: Receives, token: str) -> Route | None:
    kind = integration.integration_type
    link = IntegrationLink.objects.filter(integration_type=kind, hook_token=token).first()
    if link and token:
        standing = link.state != link.State.REMOVED
        return Route((link.pk,) if standing else (), link.valid_secrets)
    hook = RegisteredHook.objects.filter(integration_type=kind, hook_token=token).first()
    if hook and token:
        links = hook.links.exclude(state="removed").order_by("pk").values_list("pk", flat=True)
        return Route(tuple(links), hook.valid_secrets)
    return None
