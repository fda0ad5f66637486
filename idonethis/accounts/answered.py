"""What programs were answered, kept for a day: who asks again under the same key, because the first
answer never arrived, gets that answer, and nothing happens twice.
https://datatracker.ietf.org/doc/draft-ietf-httpapi-idempotency-key-header/"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any, ClassVar

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models, transaction
from django.utils import timezone

KEPT = timedelta(hours=24)


class AskedOtherwise(Exception):
    """Under this key, something else was asked for. The message is fit for people."""


class AnsweredQuerySet(models.QuerySet["Answered"]):
    @transaction.atomic
    def once(self, own: tuple[Any, str, str], asked: str, act: Callable[[], Any]) -> Any:
        """What ``act`` returns, or returned when this was asked before. ``own``: the person, the
        token by which they ask, and the key. Who asks at the same time waits for the first; where
        ``act`` raises, nothing is kept. Raises AskedOtherwise."""
        user, by, key = own
        mine = self.filter(user=user, by=by, key=key)
        mine.filter(made_at__lt=timezone.now() - KEPT).delete()
        new = {"asked": hashlib.sha256(asked.encode()).hexdigest()}
        row, is_new = self.get_or_create(user=user, by=by, key=key, defaults=new)
        if row.asked != new["asked"]:
            raise AskedOtherwise(
                f"The Idempotency-Key {key} was sent with another request before. Nothing was "
                "done: take a new key for each new request."
            )
        if is_new:
            # As it will be read from the row: of an instant, that is no longer quite the same.
            row.answer = json.loads(DjangoJSONEncoder().encode(act()))
            row.save(update_fields=["answer"])
        return row.answer

    def forget(self) -> None:
        self.filter(made_at__lt=timezone.now() - KEPT).delete()


class Answered(models.Model):
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    #: The public name of a token; empty for a session.
    by = models.CharField(max_length=12, blank=True)
    key = models.CharField(max_length=200)
    asked = models.CharField(max_length=64)
    answer = models.JSONField(null=True, encoder=DjangoJSONEncoder)
    made_at = models.DateTimeField(auto_now_add=True, db_index=True)

    objects: ClassVar[AnsweredQuerySet] = AnsweredQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "by", "key"], name="answered_once"),
        ]

    def __str__(self) -> str:
        return self.key
