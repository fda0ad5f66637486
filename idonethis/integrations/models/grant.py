from __future__ import annotations

import json
import time
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from django.db import models
from django.utils import timezone

from idonethis.integrations import registry, secrets
from idonethis.integrations.base import Integration
from idonethis.integrations.http import Again, Answer, Client, Failed, NeedsReconnect
from idonethis.integrations.models.partner_app import PartnerApp
from idonethis.integrations.oauth import Denied, lasting

#: A token that is good for less than this, in seconds, is renewed before it is used.
LEEWAY = 60
#: How long one worker may take to renew, and others wait for it.
PATIENCE = timedelta(seconds=45)
#: No more grants of one partner than this part end within an hour without an operator's word: many
#: refusals at once are more likely a partner out of order, or our misreading. A few always may.
PART = 0.2
FEW = 3
HOUR = timedelta(hours=1)
#: How long a grant that is in doubt is left alone before it is tried again.
DOUBT = timedelta(minutes=10)
UNCERTAIN = "Many accounts were refused at once, so it is tried again later; nothing was changed."


class Grant(models.Model):
    """What we may act with at a partner, and its renewal. Only one worker renews, the others wait
    for what it got: a partner that rotates refresh tokens takes the second use of an old one for
    theft, and ends the grant."""

    class State(models.TextChoices):
        ACTIVE = "active", "Connected"
        UNSURE = "unsure", "In doubt"
        NEEDS_RECONNECT = "needs_reconnect", "Reconnect"

    integration_type = models.CharField(max_length=40)
    state = models.CharField(max_length=16, choices=State.choices, default=State.ACTIVE)
    trouble = models.CharField(max_length=300, blank=True)
    sealed = models.TextField(blank=True)
    renewing_until = models.DateTimeField(null=True)
    #: When the partner ended it, as we understood it last.
    ended_at = models.DateTimeField(null=True)
    doubted_until = models.DateTimeField(null=True)

    class Meta:
        abstract = True

    @property
    def integration(self) -> Integration:
        return registry.integrations()[self.integration_type]

    @property
    def secrets(self) -> Mapping[str, Any]:
        opened = secrets.open_sealed(self.sealed, row=self._row)
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
        self._wait_out_doubt()
        if refused:
            self._reload()
        until = time.monotonic() + PATIENCE.total_seconds()
        while is_stale(self.secrets, refused):
            if self._claim():
                return self._renewed(refused)
            if time.monotonic() > until:
                raise Again(f"The access to {self.integration.name} is being renewed.")
            time.sleep(0.05)
            self._reload()
        return self.secrets

    def _wait_out_doubt(self) -> None:
        now = timezone.now()
        if self.state == self.State.UNSURE and self.doubted_until and self.doubted_until > now:
            after = (self.doubted_until - now).total_seconds()
            raise Again(f"{self.integration.name} refused us just now. {UNCERTAIN}", after=after)

    @property
    def _mine(self) -> models.QuerySet[Any]:
        return type(self)._base_manager.filter(pk=self.pk)

    def _reload(self) -> None:
        self.sealed = self._mine.values_list("sealed", flat=True).get()

    def _claim(self) -> bool:
        """Not a lock in the database: with one, a slow partner would hold up every other write."""
        now = timezone.now()
        free = models.Q(renewing_until=None) | models.Q(renewing_until__lt=now)
        return bool(self._mine.filter(free).update(renewing_until=now + PATIENCE))

    def _renewed(self, refused: str) -> Mapping[str, Any]:
        try:
            self._reload()
            if is_stale(self.secrets, refused):
                self._renew()
        finally:
            self._mine.update(renewing_until=None)
        return self.secrets

    def _renew(self) -> None:
        before, old = self.sealed, self.secrets
        try:
            conversation = PartnerApp.conversation(self.integration)
            token = conversation.refresh(str(old["refresh_token"]))
        except Denied as problem:
            return self._end(before, problem)
        kept = {name: value for name, value in old.items() if name != "expires_at"}
        self.secrets = {**kept, "access_token": token["access_token"], **lasting(token)}
        if not self._mine.filter(sealed=before).update(sealed=self.sealed):
            self._reload()

    def _end(self, before: str, problem: Denied) -> None:
        """Unless somebody has connected anew meanwhile: then what was refused is history."""
        self._reload()
        if self.sealed == before:
            raise self.refuse(NeedsReconnect(f"{problem} Connect the account again.")) from problem

    def refuse(self, problem: NeedsReconnect) -> Failed:
        """The partner does not take this grant any more. Returns what the caller is to be told:
        that it has ended, or, where that is not to be believed yet, to try again later."""
        used = self.sealed
        self._reload()
        if self.sealed != used:
            return Again("The account was connected anew in this very moment.")
        if not self.may_end:
            return self._doubt(problem)
        self.needs_reconnect(str(problem))
        return problem

    @property
    def may_end(self) -> bool:
        now = timezone.now()
        same = type(self)._base_manager.filter(integration_type=self.integration_type)
        ended = same.filter(ended_at__gt=now - HOUR).exclude(pk=self.pk).count()
        living = same.exclude(sealed="").exclude(state=self.State.NEEDS_RECONNECT).count()
        believed = PartnerApp.objects.filter(
            integration_type=self.integration_type, believed_until__gt=now
        )
        return ended < max(FEW, int((living + ended) * PART)) or believed.exists()

    def _doubt(self, problem: NeedsReconnect) -> Again:
        self.state, self.trouble = self.State.UNSURE, str(problem)[:300]
        self.doubted_until = timezone.now() + DOUBT
        self.save(update_fields=["state", "trouble", "doubted_until"])
        return Again(f"{problem} {UNCERTAIN}", after=DOUBT.total_seconds())

    def accept(self) -> None:
        """The partner takes it: whatever was thought of it before."""
        if self.state != self.State.ACTIVE:
            self.state, self.trouble, self.ended_at = self.State.ACTIVE, "", None
            self.save(update_fields=["state", "trouble", "ended_at"])

    def needs_reconnect(self, why: str) -> None:
        """It has ended, and a person must connect again."""
        self.state, self.trouble = self.State.NEEDS_RECONNECT, why[:300]
        self.ended_at = timezone.now()
        self.save(update_fields=["state", "trouble", "ended_at"])


def is_stale(secrets: Mapping[str, Any], refused: str = "") -> bool:
    """Whether these should be renewed, and can be."""
    if not secrets.get("refresh_token"):
        return False
    expires_at = secrets.get("expires_at")
    is_over = expires_at is not None and expires_at - LEEWAY < time.time()
    return is_over or secrets.get("access_token") == refused


class GrantClient(Client):
    """What the partner refuses with 401 is asked once more, if the grant can be renewed or has
    been renewed by somebody else since."""

    def __init__(self, grant: Grant) -> None:
        about = grant.integration
        super().__init__(about.address("api"), answers=about.answers, name=about.name)
        self._grant = grant

    def send(self, method: str, path: str, **content: Any) -> Answer:
        used = self._prove(self._grant.fresh())
        answer = super().send(method, path, **content)
        if answer.status != 401:
            return answer
        renewed = self._prove(self._grant.fresh(refused=used))
        return super().send(method, path, **content) if renewed != used else answer

    def judge(self, answer: Answer, path: str) -> None:
        """What ends the grant ends it for all who use it."""
        try:
            super().judge(answer, path)
        except NeedsReconnect as problem:
            raise self._grant.refuse(problem) from problem
        self._grant.accept()

    def _prove(self, secrets: Mapping[str, Any]) -> str:
        self.headers |= self._grant.integration.headers(secrets)
        return str(secrets.get("access_token") or "")
