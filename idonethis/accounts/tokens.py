"""Tokens by which programs of a person ask in their name. Whoever has stolen the database has none
of them: only a hash is kept, and the token itself is shown once."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from datetime import timedelta
from typing import Any, ClassVar, Self

from django.conf import settings
from django.core.signing import BadSignature, Signer
from django.db import models, transaction
from django.db.models import Q
from django.utils import timezone

from idonethis.accounts.signals import token_ends
from idonethis.audit.models import record
from idonethis.ids import hash_id, hook_token

#: So that people and the scanners of code hosts know one when they see it.
PREFIX = "idt_"
#: A refresh token names a token and which turn it is, and is signed: nothing of it is kept.
REFRESH_PREFIX = "idr_"
REFRESHES = Signer(salt="idonethis.refresh")
#: How long what is lent lasts, and how long it may lie unused before it is lent no more.
LASTS, UNUSED = timedelta(hours=1), timedelta(days=90)
#: How exact ``last_used_at`` is: not every question is a write.
EXACT = timedelta(minutes=1)


class Scope(models.TextChoices):
    """What a token may be used for. A call that names none is closed to all of them."""

    READ = "read", "Read: teams, entries, activity, and why something was not logged"
    WRITE = "write", "Write: log entries in your name, change and remove those that you may"
    DRAFT = "draft", "Draft: suggest entries to you, which nobody else sees before you say yes"
    HOOKS = "hooks", "Hooks: subscribe an address to the entries of a team, and see those entries"


class ApiTokenQuerySet(models.QuerySet["ApiToken"]):
    def make(self, user: Any, *, name: str, scopes: Iterable[str]) -> tuple[ApiToken, str]:
        """A new one, and what to show its person, this once."""
        shown = PREFIX + hook_token()
        made = ApiToken(user=user, name=name, scopes=sorted(scopes), hashed=hashed(shown))
        with transaction.atomic():
            made.save()
            record("token.made", made, person=user.hash_id, scopes=made.scopes)
        return made, shown

    def shown_as(self, shown: str) -> ApiToken | None:
        """Whose person may still sign in. A hash is looked up, so its time tells nothing of it."""
        living = self.filter(user__is_active=True).select_related("user")
        lasting = living.filter(Q(expires_at=None) | Q(expires_at__gt=timezone.now()))
        return lasting.filter(hashed=hashed(shown)).first()

    def lend(self, user: Any, app: Any, scopes: Iterable[str]) -> ApiToken:
        """For an application that its person lets in. It opens nothing before ``renew``."""
        lent = ApiToken(user=user, name=app.name, app=app, scopes=sorted(scopes))
        lent.hashed, lent.expires_at = hashed(hook_token()), timezone.now()
        with transaction.atomic():
            lent.save()
            record("token.lent", lent, person=user.hash_id, app=app.hash_id, scopes=lent.scopes)
        return lent

    def refreshed_by(self, shown: str) -> ApiToken | None:
        """Whose next pair this fetches. One that was used before is in two hands, of which one has
        stolen it, so nobody has any any more: https://www.rfc-editor.org/rfc/rfc9700"""
        try:
            name, turn = REFRESHES.unsign_object(shown.removeprefix(REFRESH_PREFIX))
        except (BadSignature, ValueError):
            return None
        lent = self.filter(hash_id=name, user__is_active=True).select_related("user")
        found = lent.select_for_update(of=("self",)).first()
        if found and found.turn != turn:
            found.revoke()
            return None
        is_late = found and found.expires_at and found.expires_at < timezone.now() - UNUSED
        return None if is_late else found

    def used(self) -> Self:
        """Those that are used just now, and were not a moment ago."""
        now = timezone.now()
        earlier = Q(last_used_at=None) | Q(last_used_at__lt=now - EXACT)
        self.filter(earlier).update(last_used_at=now)
        return self

    def revoke(self) -> None:
        for each in self:
            each.revoke()


class ApiToken(models.Model):
    hash_id = models.CharField(max_length=12, unique=True, default=hash_id, editable=False)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="api_tokens", editable=False
    )
    name = models.CharField(max_length=60)
    scopes = models.JSONField(default=list)
    hashed = models.CharField(max_length=64, unique=True, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)
    last_used_at = models.DateTimeField(null=True)
    #: Those that are lent to an application run out, and are renewed by it.
    app = models.ForeignKey("accounts.App", models.CASCADE, null=True, related_name="tokens")
    expires_at = models.DateTimeField(null=True)
    turn = models.PositiveIntegerField(default=0)

    app_id: int | None

    objects: ClassVar[ApiTokenQuerySet] = ApiTokenQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        ordering = ("-pk",)

    def __str__(self) -> str:
        return self.name

    def may(self, scope: Scope) -> bool:
        return scope.value in self.scopes

    @property
    def scopes_in_words(self) -> str:
        return ", ".join(Scope(each).label.partition(":")[0].lower() for each in self.scopes)

    def check_client(self, client: Any) -> bool:
        """As Authlib asks whether it is this application's."""
        return self.app_id is not None and self.app_id == client.pk

    def get_scope(self) -> str:
        return " ".join(self.scopes)

    def renew(self) -> dict[str, Any]:
        """What its application is told, this once. What it was told before opens nothing more."""
        shown = PREFIX + hook_token()
        self.hashed, self.turn = hashed(shown), self.turn + 1
        self.expires_at = timezone.now() + LASTS
        self.save(update_fields=["hashed", "turn", "expires_at"])
        refresh = REFRESH_PREFIX + REFRESHES.sign_object([self.hash_id, self.turn])
        told = {"access_token": shown, "refresh_token": refresh, "scope": self.get_scope()}
        return told | {"token_type": "Bearer", "expires_in": int(LASTS.total_seconds())}

    @transaction.atomic
    def revoke(self) -> None:
        """It lets nobody in any more, and what it has set up ends."""
        token_ends.send(sender=ApiToken, token=self)
        record("token.revoked", self, person=self.user.hash_id)
        self.delete()


def hashed(shown: str) -> str:
    """Of 256 bits of chance: nothing slower is needed."""
    return hashlib.sha256(shown.encode()).hexdigest()
