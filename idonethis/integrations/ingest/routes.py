"""Which link an address belongs to, and with which secrets its hooks must be signed."""

from __future__ import annotations

import time
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, ClassVar, NamedTuple

from django.db import transaction
from django.db.models.signals import post_save

from idonethis.integrations.base import Receives, ReceivesForAll, SignsAsClient, SignsForAll
from idonethis.integrations.models import (
    IntegrationLink,
    PartnerApp,
    PublishedKeys,
    RegisteredHook,
)
from idonethis.integrations.models.link_states import GONE
from idonethis.integrations.models.signed import Signed
from idonethis.integrations.values import Reason, Secret

#: How long an answer is believed, in seconds: what another process changes is heard no later.
BELIEVED = 1.0
#: And where a hook does not fit it: long enough that whoever forges them asks no database.
BELIEVED_IN_DOUBT = 0.1
#: Forgotten all at once when there are more, so that guessed addresses cannot fill the memory.
MOST = 20_000
NONE: Mapping[str, str] = MappingProxyType({})


class Route(NamedTuple):
    """No link ids: a genuine hook is ``unserved``, and for what reason. ``known_ids`` are the links
    that a refused one is counted for: also those that are removed. ``waiting``: to whom the partner
    may hand over its secret, just now. ``subjects``: of each link, where they share a webhook.
    ``keys``: those that the partner publishes and signs with, by their names."""

    link_ids: tuple[int, ...]
    secrets: tuple[Secret, ...]
    unserved: Reason = Reason.LINK_REMOVED
    known_ids: tuple[int, ...] = ()
    waiting: Signed | None = None
    subjects: tuple[str, ...] = ()
    keys: Mapping[str, str] = NONE


class Remembered(NamedTuple):
    route: Route
    changes: int
    until: float

    @property
    def age(self) -> float:
        return time.monotonic() - self.until + BELIEVED


class Routes:
    """Looks routes up, and remembers them for a second, or until something of them is saved."""

    #: How often this process has saved something that routes are made of.
    changes: ClassVar[int] = 0

    def __init__(self) -> None:
        self._known: dict[tuple[str, str], Remembered] = {}

    def remembered(self, integration: Receives, token: str) -> Route | None:
        found = self._known.get((integration.integration_type, token))
        holds = found and found.changes == self.changes and found.until > time.monotonic()
        return found.route if found and holds else None

    def knew(self, integration: Receives, token: str) -> bool:
        """Whether this address led somewhere when it was last used."""
        return (integration.integration_type, token) in self._known

    def is_old(self, integration: Receives, token: str) -> bool:
        """Whether another process may have changed it since it was looked up: the partner need not
        wait for us to hear of that. It may have handed its secret over there a moment ago."""
        found = self._known.get((integration.integration_type, token))
        return found is None or found.age > BELIEVED_IN_DOUBT

    def find(self, integration: Receives, token: str) -> Route | None:
        """Asks the database. None: nobody ever had this address. An address without links is not
        remembered: partners try it the moment it is made, and the link stands a moment later."""
        # Read before the rows are: what changes while they are read is not remembered, and what
        # takes long to read is no younger for it.
        changes, until = self.changes, time.monotonic() + BELIEVED
        route = _for_all(integration) if isinstance(integration, ReceivesForAll) else None
        route = route or _by_token(integration, token)
        if route and integration.signature.keys_at:
            route = route._replace(keys=PublishedKeys.known(integration.integration_type))
        if len(self._known) > MOST:
            self._known.clear()
        if route and route.link_ids:
            key = (integration.integration_type, token)
            self._known[key] = Remembered(route, changes, until)
        return route

    @classmethod
    def change(cls, **signal: Any) -> None:
        transaction.on_commit(cls._count_change)

    @classmethod
    def _count_change(cls) -> None:
        cls.changes += 1


for model in (IntegrationLink, RegisteredHook, PartnerApp, PublishedKeys):
    post_save.connect(Routes.change, sender=model)


def _for_all(integration: Receives) -> Route:
    return Route((0,), _of_application(integration, "SIGNING_SECRET"))


def _of_application(integration: Receives, name: str) -> tuple[Secret, ...]:
    secret = PartnerApp.credential(integration.integration_type, name)
    return (secret,) if secret else ()


def _secrets(integration: Receives, signer: Signed) -> tuple[Secret, ...]:
    if isinstance(integration, SignsForAll):
        return _of_application(integration, "SIGNING_SECRET")
    if isinstance(integration, SignsAsClient) and isinstance(signer, RegisteredHook):
        return _of_application(integration, "CLIENT_SECRET")
    return signer.valid_secrets


def _by_token(integration: Receives, token: str) -> Route | None:
    kind = integration.integration_type
    link = IntegrationLink.objects.filter(integration_type=kind, hook_token=token).first()
    if link and token:
        standing = () if link.is_gone else (link.pk,)
        secrets, is_open = _secrets(integration, link), bool(standing) and link.awaits_handshake
        return Route(standing, secrets, known_ids=(link.pk,), waiting=link if is_open else None)
    hook = RegisteredHook.objects.filter(integration_type=kind, hook_token=token).first()
    if hook and token:
        return _shared(integration, hook)
    return None


def _shared(integration: Receives, hook: RegisteredHook) -> Route:
    links = list(hook.links.order_by("pk").values_list("pk", "state", "subject"))
    served = [(pk, subject) for pk, state, subject in links if state not in GONE]
    return Route(
        tuple(pk for pk, _ in served),
        _secrets(integration, hook),
        Reason.NOT_YET if hook.is_new else Reason.LINK_REMOVED,
        known_ids=tuple(pk for pk, *_ in links),
        waiting=hook if hook.awaits_handshake else None,
        subjects=tuple(subject for _, subject in served),
    )
