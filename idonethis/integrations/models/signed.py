"""The secret with which a partner signs, and how it is replaced without losing a hook."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, ClassVar

from django.db import models, transaction
from django.utils import timezone

from idonethis.integrations import registry, secrets
from idonethis.integrations.base import ShakesHands
from idonethis.integrations.http import Never
from idonethis.integrations.values import Secret

#: How long the secret before is taken once the partner has the new one.
OVERLAP = timedelta(hours=24)
#: For how long a partner may hand over a secret of its own to what has just been made.
HANDSHAKE = timedelta(minutes=10)
SECRETS = ("sealed_secret", "sealed_previous_secret", "previous_until", "handshake_until")


class StillTaken(Never):
    """The secret before the last one is still in use; a third would push it out."""


class Theirs(Never):
    """The partner makes the secret, and takes none of ours."""


class Signed(models.Model):
    """``previous_until`` is when the secret before ends. None while there is one: the partner has
    not confirmed the new one, and may sign with either. ``handshake_until`` is when it is too late
    for the partner to hand over its own."""

    sealed_secret = models.TextField(blank=True)
    sealed_previous_secret = models.TextField(blank=True)
    previous_until = models.DateTimeField(null=True)
    handshake_until = models.DateTimeField(null=True)

    #: What the secrets are bound to, besides the row.
    table: ClassVar[str]
    hash_id: Any
    integration_type: Any

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self.sealed_secret and (made := self.new_secret()):
            self.signing_secret = made
        if self._state.adding and self.shakes_hands:
            self.handshake_until = timezone.now() + HANDSHAKE
        super().save(*args, **kwargs)

    @property
    def shakes_hands(self) -> bool:
        return isinstance(registry.integrations()[self.integration_type], ShakesHands)

    def new_secret(self) -> Secret:
        """One of ours; none, where the partner makes it, and signs with no other."""
        return registry.integrations()[self.integration_type].new_secret()

    @property
    def signing_secret(self) -> Secret:
        return Secret(secrets.open_sealed(self.sealed_secret, row=self._bound("secret")))

    @signing_secret.setter
    def signing_secret(self, value: Secret) -> None:
        self.sealed_secret = secrets.seal(value, row=self._bound("secret"))

    @property
    def previous_secret(self) -> Secret:
        row = self._bound("previous_secret")
        return Secret(secrets.open_sealed(self.sealed_previous_secret, row=row))

    def _bound(self, column: str) -> str:
        return f"{self.table}:{self.hash_id}:{column}"

    @property
    def valid_secrets(self) -> tuple[Secret, ...]:
        """Those that are taken now, newest first. Raises Sealed: then senders are told to come
        back, since a refusal would make some give the webhook up."""
        if self.takes_previous:
            return self.signing_secret, self.previous_secret
        return (self.signing_secret,)

    @property
    def is_unreadable(self) -> bool:
        """The key with which it was encrypted is gone."""
        return secrets.is_lost(self.sealed_secret)

    def replace_unreadable(self) -> None:
        """A new secret in place of one that nobody can read; the sender does not know it yet."""
        self._renew(self.new_secret())
        self.sealed_previous_secret, self.previous_until = "", None
        self.save(update_fields=SECRETS)

    def _renew(self, secret: Secret) -> None:
        if secret:
            self.signing_secret = secret
        else:
            self.sealed_secret = ""

    @property
    def takes_previous(self) -> bool:
        ended = self.previous_until is not None and self.previous_until <= timezone.now()
        return bool(self.sealed_previous_secret) and not ended

    @property
    def is_unconfirmed(self) -> bool:
        return bool(self.sealed_previous_secret) and self.previous_until is None

    def rotate_secret(self) -> None:
        """Both are taken for a day, in which a person brings the new one to the sender. Raises
        StillTaken."""
        self._begin_rotation(until=timezone.now() + OVERLAP)

    @transaction.atomic
    def take_secret(self, secret: Secret) -> None:
        """The partner's own, which a person brings from there; one before it is taken for a day
        more, since the partner may use both meanwhile."""
        self._wait_for_others()
        had = self.sealed_secret and not self.is_unreadable
        if had and secret != self.signing_secret:
            self._keep_previous()
            self.previous_until = timezone.now() + OVERLAP
        self.signing_secret = secret
        self.save(update_fields=SECRETS)

    @property
    def awaits_handshake(self) -> bool:
        """Nobody has handed over a secret yet, and it is not too late for it."""
        until = self.handshake_until
        return not self.sealed_secret and until is not None and until > timezone.now()

    @transaction.atomic
    def take_handshake(self, secret: Secret) -> bool:
        """The partner hands over its own. False, and nothing changed, where that is too late, or
        somebody was quicker."""
        self._wait_for_others()
        if not self.awaits_handshake:
            return False
        self.signing_secret, self.handshake_until = secret, None
        self.save(update_fields=SECRETS)
        self.record("secret.handed_over")
        return True

    def record(self, action: str) -> None:
        raise NotImplementedError

    def await_handshake(self) -> None:
        """It is made anew at the partner, with a secret of its own; the one before is void."""
        self.sealed_secret, self.sealed_previous_secret = "", ""
        self.previous_until, self.handshake_until = None, timezone.now() + HANDSHAKE
        self.save(update_fields=SECRETS)

    @transaction.atomic
    def _begin_rotation(self, *, until: datetime | None = None) -> bool:
        """False: one that the partner has not confirmed is under way already. Raises
        StillTaken or Theirs."""
        self._wait_for_others()
        if self.is_unreadable:
            self.replace_unreadable()
            return True
        if self.is_unconfirmed:
            return False
        if self.takes_previous:
            raise StillTaken("The secret before the last one is still taken.")
        made = self.new_secret()
        if not made:
            raise Theirs("This secret is made at the partner. Make another there, and bring it.")
        self._keep_previous()
        self.signing_secret, self.previous_until = made, until
        self.save(update_fields=SECRETS)
        return True

    def _keep_previous(self) -> None:
        row = self._bound("previous_secret")
        self.sealed_previous_secret = secrets.seal(self.signing_secret, row=row)

    def _wait_for_others(self) -> None:
        rows = type(self)._default_manager.select_for_update()
        self.refresh_from_db(fields=SECRETS, from_queryset=rows)

    def confirm_rotation(self) -> None:
        """The partner has the new secret, so the one before ends in a day."""
        if self.is_unconfirmed:
            self.previous_until = timezone.now() + OVERLAP
            self.save(update_fields=["previous_until"])

    @transaction.atomic
    def call_off_rotation(self) -> None:
        """The partner has refused the new secret, so the one before goes on alone; unless it has
        taken the new one from somebody else meanwhile."""
        self._wait_for_others()
        if self.is_unconfirmed:
            self.signing_secret, self.sealed_previous_secret = self.previous_secret, ""
            self.save(update_fields=SECRETS)

    @transaction.atomic
    def end_overlap(self) -> bool:
        """The secret before is refused from now on; False where it may be the partner's only one,
        and nothing has changed."""
        self._wait_for_others()
        if self.is_unconfirmed:
            return False
        self.sealed_previous_secret, self.previous_until = "", None
        self.save(update_fields=SECRETS)
        return True
