from __future__ import annotations

import hashlib
import secrets as random
from datetime import datetime, timedelta

from django.conf import settings
from django.db import models
from django.utils import timezone

from idonethis.accounts.models import User
from idonethis.ids import hash_id
from idonethis.integrations import secrets

#: How long somebody may take at the partner.
PATIENCE = timedelta(minutes=10)


def _soon() -> datetime:
    return timezone.now() + PATIENCE


def new_state() -> str:
    """For one journey: whoever does not know it takes no part in it."""
    return random.token_urlsafe(32)


class Authorization(models.Model):
    """Somebody is on the way to a partner and back: what they bring must be what they took along.

    Bound to the person, the browser session and the integration; good once, for ten minutes."""

    hash_id = models.CharField(max_length=12, unique=True, default=hash_id, editable=False)
    state_hash = models.CharField(max_length=64, unique=True)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    session_hash = models.CharField(max_length=64)
    integration_type = models.CharField(max_length=40)
    #: What only this server may know meanwhile: a verifier, or a request token with its secret.
    sealed_verifier = models.TextField(blank=True)
    #: What the person had chosen before they left, to be found again: a query string of ours.
    choices = models.CharField(max_length=500, blank=True)
    expires_at = models.DateTimeField(default=_soon)

    @classmethod
    def begin(
        cls,
        user: User,
        integration_type: str,
        *,
        session: str,
        state: str,
        secret: str,
        choices: str,
    ) -> None:
        """They take the state along; the secret stays here."""
        cls.objects.filter(expires_at__lt=timezone.now()).delete()
        begun = cls(user=user, integration_type=integration_type, choices=choices[:500])
        begun.state_hash, begun.session_hash = _hash(state), _hash(session)
        begun.sealed_verifier = secrets.seal(secret, row=begun._row)
        begun.save()

    @classmethod
    def redeem(
        cls, state: str, user: User, *, integration_type: str, session: str
    ) -> Authorization | None:
        """The journey that this state belongs to, once; None for every other state."""
        mine = cls.objects.filter(
            state_hash=_hash(state),
            user=user,
            session_hash=_hash(session),
            integration_type=integration_type,
            expires_at__gt=timezone.now(),
        )
        found = mine.first()
        # The delete decides: of two that arrive at once, one deletes a row.
        return found if found and mine.delete()[0] else None

    @property
    def secret(self) -> str:
        return secrets.open_sealed(self.sealed_verifier, row=self._row)

    @property
    def _row(self) -> str:
        return f"authorization:{self.hash_id}:verifier"


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
