from __future__ import annotations

import json
import time
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from django.db import models
from django.utils import timezone

from idonethis.integrations import secrets
from idonethis.integrations.hiding import Hidden
from idonethis.integrations.http import Again, Answer, Client, Failed, NeedsReconnect
from idonethis.integrations.models.ending import Ending
from idonethis.integrations.models.outgoing_hold import OutgoingHold
from idonethis.integrations.models.partner_app import PartnerApp
from idonethis.integrations.oauth import Denied, lasting
from idonethis.integrations.values import Hook
from idonethis.keys import Sealed

UNREADABLE = "Connect the account again."
HELD = "Nothing goes out since a backup was restored, until an administrator resumes it."
#: In its secrets, what proves who we are.
TOKENS = ("access_token", "refresh_token")
#: A token that is good for less than this, in seconds, is renewed before it is used.
LEEWAY = 60
#: How long one worker may take to renew, and others wait for it.
PATIENCE = timedelta(seconds=45)


class Grant(Ending):
    """What we may act with at a partner, and its renewal. Only one worker renews, the others wait
    for what it got: a partner that rotates refresh tokens takes the second use of an old one for
    theft, and ends the grant."""

    renewing_until = models.DateTimeField(null=True)

    class Meta:
        abstract = True

    @property
    def secrets(self) -> Mapping[str, Any]:
        """Raises NeedsReconnect where the key that they were encrypted with is gone."""
        try:
            opened = secrets.open_sealed(self.sealed, row=self._row)
        except Sealed as problem:
            raise NeedsReconnect(f"{problem} {UNREADABLE}") from problem
        return json.loads(opened) if opened else {}

    @secrets.setter
    def secrets(self, values: Mapping[str, Any]) -> None:
        self.sealed = secrets.seal(json.dumps(dict(values)), row=self._row)

    @property
    def _row(self) -> str:
        raise NotImplementedError

    def client(self) -> Client:
        """Calls the partner's API with this grant, renewed where that is due."""
        return GrantClient(self)

    def fresh(self, *, refused: str = "") -> Mapping[str, Any]:
        """Secrets to call with; ``refused`` is an access token that the partner did not take.
        Raises NeedsReconnect where the grant has ended, Again where that is not known."""
        self.wait_out_doubt()
        if refused:
            self._reload()
        until = time.monotonic() + PATIENCE.total_seconds()
        while is_stale(self.secrets, refused):
            self._refuse_ended()
            if self._claim():
                return self._renewed(refused)
            if time.monotonic() > until:
                raise Again(f"The access to {self.integration.name} is being renewed.")
            time.sleep(0.05)
            self._reload()
        return self.secrets

    @property
    def _mine(self) -> models.QuerySet[Any]:
        return type(self)._base_manager.filter(pk=self.pk)

    def _reload(self) -> None:
        self.sealed, self.state = self._mine.values_list("sealed", "state").get()

    def _refuse_ended(self) -> None:
        """What the partner has refused to renew it refuses again; only a fresh grant helps."""
        if self.state == self.State.NEEDS_RECONNECT:
            raise NeedsReconnect(f"{self.integration.name} has ended our access. Connect it again.")

    def _claim(self) -> bool:
        """Not a lock in the database: with one, a slow partner would hold up every other write."""
        now = timezone.now()
        free = models.Q(renewing_until=None) | models.Q(renewing_until__lt=now)
        return bool(self._mine.filter(free).update(renewing_until=now + PATIENCE))

    def _renewed(self, refused: str) -> Mapping[str, Any]:
        try:
            self._reload()
            if is_stale(self.secrets, refused):
                self._refuse_ended()
                self._renew()
        finally:
            self._mine.update(renewing_until=None)
        return self.secrets

    def _renew(self) -> None:
        if OutgoingHold.standing():
            raise Again(HELD)
        before, old = self.sealed, self.secrets
        try:
            token = self._prolonged(old)
        except (Denied, NeedsReconnect) as problem:
            return self._end(before, problem)
        except Sealed as problem:
            raise Again(f"{problem} The operator can put it back.") from problem
        kept = {name: value for name, value in old.items() if name != "expires_at"}
        self.secrets = {**kept, "access_token": token["access_token"], **lasting(token)}
        if not self._mine.filter(sealed=before).update(sealed=self.sealed):
            self._reload()

    def _prolonged(self, old: Mapping[str, Any]) -> Mapping[str, Any]:
        if self.integration.oauth or not self.integration.credentials:
            conversation = PartnerApp.conversation(self.integration)
            return conversation.refresh(str(old["refresh_token"]))
        nobody = {name: value for name, value in old.items() if name not in TOKENS}
        return self.integration.prolonged(old, self.integration.client(nobody))

    def _end(self, before: str, problem: Failed) -> None:
        """Unless somebody has connected anew meanwhile: then what was refused is history."""
        self._reload()
        if self.sealed == before:
            raise self.refuse(NeedsReconnect(f"{problem} Connect the account again.")) from problem


def is_stale(secrets: Mapping[str, Any], refused: str = "") -> bool:
    """Whether these should be renewed, and can be."""
    if not secrets.get("refresh_token"):
        return False
    expires_at = secrets.get("expires_at")
    is_over = expires_at is not None and expires_at - LEEWAY < time.time()
    return is_over or secrets.get("access_token") == refused


def readable(grant: Grant) -> Mapping[str, Any]:
    """Its secrets; nothing, where they cannot be read, which the first call says."""
    try:
        return grant.secrets
    except NeedsReconnect:
        return {}


class GrantClient(Client):
    """What the partner refuses because of the token is asked once more, if the grant can be renewed
    or has been renewed by somebody else since."""

    def __init__(self, grant: Grant) -> None:
        about = grant.integration
        base = about.base(readable(grant))
        super().__init__(base, answers=about.answers, name=about.name, own=about.own_addresses)
        self._grant = grant

    def send(self, method: str, path: str, **content: Any) -> Answer:
        used = self._prove(self._grant.fresh())
        answer = super().send(method, path, **content)
        if not self._grant.integration.answers.ends_grant(answer):
            return answer
        renewed = self._prove(self._grant.fresh(refused=used))
        return super().send(method, path, **content) if renewed != used else answer

    def sign(self, message: Hook) -> Mapping[str, str]:
        return self._grant.integration.signed(message, self._grant.fresh())

    def judge(self, answer: Answer, path: str) -> None:
        """What ends the grant ends it for all who use it."""
        try:
            super().judge(answer, path)
        except NeedsReconnect as problem:
            raise self._grant.refuse(problem) from problem
        self._grant.accept()

    def _prove(self, secrets: Mapping[str, Any]) -> str:
        integration = self._grant.integration
        proofs = integration.headers(secrets)
        self.headers |= proofs
        self.hidden |= Hidden.of(secrets, proofs)
        self.point(integration.base(secrets))
        return str(secrets.get("access_token") or "")
