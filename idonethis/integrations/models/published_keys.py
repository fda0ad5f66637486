from __future__ import annotations

from collections.abc import Collection
from datetime import timedelta

from django.db import models
from django.db.models import Q
from django.utils import timezone

#: Whoever publishes them is asked no more often than this, whatever hooks name.
REST = timedelta(minutes=1)


class PublishedKeys(models.Model):
    """The keys with which a partner signs, as it publishes them, by their names. They are asked for
    ahead, and hold until ``good_until``; then nothing of that partner is genuine until it has been
    asked again."""

    integration_type = models.CharField(max_length=40, unique=True)
    keys = models.JSONField(default=dict)
    good_until = models.DateTimeField(default=timezone.now)
    renew_at = models.DateTimeField(default=timezone.now)
    asked_at = models.DateTimeField(null=True)

    @classmethod
    def known(cls, integration_type: str) -> dict[str, str]:
        """Those that hold now."""
        rows = cls.objects.filter(integration_type=integration_type, good_until__gt=timezone.now())
        found = rows.first()
        return found.keys if found else {}

    @classmethod
    def hurry(cls, integration_types: Collection[str]) -> None:
        """Hooks have named some that are not known: they are asked for as soon as may be."""
        now = timezone.now()
        early = cls.objects.filter(integration_type__in=integration_types, renew_at__gt=now)
        early.update(renew_at=now)

    @classmethod
    def take(cls, integration_type: str) -> bool:
        """Whether it is time to ask; then nobody else asks just now."""
        cls.objects.get_or_create(integration_type=integration_type)
        now = timezone.now()
        has_rested = Q(asked_at=None) | Q(asked_at__lte=now - REST)
        rows = cls.objects.filter(has_rested, renew_at__lte=now, integration_type=integration_type)
        return rows.update(asked_at=now) > 0

    @classmethod
    def keep(cls, integration_type: str, keys: dict[str, str], *, holds: timedelta) -> None:
        """In place of those before. They are renewed when half of the time is over, so that a
        partner may be away for the other half."""
        now = timezone.now()
        until = {"good_until": now + holds, "renew_at": now + holds / 2}
        cls.objects.update_or_create(
            integration_type=integration_type, defaults={"keys": keys, **until}
        )
