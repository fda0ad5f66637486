"""What waits between a yes and a token: a code that goes through a browser, and a code that a
person types. Neither lasts long, and each serves once."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, ClassVar

from authlib.oauth2.rfc6749 import AuthorizationCodeMixin
from authlib.oauth2.rfc8628 import DeviceCredentialMixin
from django.conf import settings
from django.db import models
from django.utils import timezone

from idonethis.accounts.oauth.app import App
from idonethis.accounts.tokens import ApiToken, hashed

CODE_LASTS, DEVICE_LASTS = timedelta(minutes=5), timedelta(minutes=15)
#: How often a program may ask whether its person has decided.
INTERVAL = timedelta(seconds=5)
KEPT = timedelta(days=1)


def soon() -> datetime:
    return timezone.now() + CODE_LASTS


def later() -> datetime:
    return timezone.now() + DEVICE_LASTS


class WaitingQuerySet(models.QuerySet["Waiting"]):
    def forget(self) -> None:
        gone = {"expires_at__lt": timezone.now() - KEPT}
        self.filter(**gone).delete()

    def shown_as(self, shown: str) -> Waiting | None:
        """Nobody else uses it at the same time, until this transaction ends."""
        return self.select_for_update().filter(hashed=hashed(shown)).first()


class Waiting(models.Model):
    app = models.ForeignKey(App, models.CASCADE, related_name="+")
    hashed = models.CharField(max_length=64, unique=True)
    scopes = models.JSONField(default=list)
    #: What it became; whoever brings it once more has it from somebody else.
    token = models.ForeignKey(ApiToken, models.SET_NULL, null=True, related_name="+")
    used_at = models.DateTimeField(null=True)

    objects: ClassVar[WaitingQuerySet] = WaitingQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return f"{self.app}"

    def get_client_id(self) -> str:
        return str(self.app.hash_id)

    def get_scope(self) -> str:
        return " ".join(self.scopes)

    def use(self, token: ApiToken) -> None:
        self.token, self.used_at = token, timezone.now()
        self.save(update_fields=["token", "used_at"])

    def was_used(self) -> bool:
        """If so, whoever has it stole it, or was stolen from: what it became ends."""
        if self.used_at and self.token:
            self.token.revoke()
        return self.used_at is not None


class Code(Waiting, AuthorizationCodeMixin):  # type: ignore[misc]
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    redirect_uri = models.TextField(blank=True)
    challenge = models.CharField(max_length=128)
    expires_at = models.DateTimeField(default=soon, db_index=True)

    @property
    def code_challenge(self) -> str:
        return str(self.challenge)

    code_challenge_method = "S256"

    def get_redirect_uri(self) -> str:
        return str(self.redirect_uri)


class Device(Waiting, DeviceCredentialMixin):  # type: ignore[misc]
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, null=True, related_name="+")
    #: Nobody has decided; or yes; or no.
    allowed = models.BooleanField(null=True)
    user_code = models.CharField(max_length=9, unique=True)
    asked_at = models.DateTimeField(null=True)
    expires_at = models.DateTimeField(default=later, db_index=True)

    def get_user_code(self) -> str:
        return str(self.user_code)

    def is_expired(self) -> bool:
        return self.expires_at < timezone.now()

    def decide(self, user: Any, *, allowed: bool) -> None:
        self.user, self.allowed = user, allowed
        self.save(update_fields=["user", "allowed"])

    def asks_too_often(self) -> bool:
        now = timezone.now()
        too_often = self.asked_at is not None and now - self.asked_at < INTERVAL
        self.asked_at = now
        self.save(update_fields=["asked_at"])
        return too_often
