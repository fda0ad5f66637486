"""What a restore leaves to be put right before anybody works on it."""

from __future__ import annotations

from typing import NamedTuple

from django.contrib.sessions.models import Session
from django.db import transaction

from idonethis.audit.models import record
from idonethis.backups.manifest import Manifest
from idonethis.integrations.models import (
    Authorization,
    IntegrationUser,
    OutgoingHold,
)
from idonethis.integrations.models.claiming import replay
from idonethis.integrations.models.lost_keys import Lost, replace_lost
from idonethis.integrations.models.sweeping import take_over


class Aftermath(NamedTuple):
    """What the person at the terminal has to know."""

    manifest: Manifest
    lost: Lost

    @classmethod
    def settle(cls, manifest: Manifest) -> Aftermath:
        """The hold comes first: whoever is killed afterwards has sent nothing."""
        _hold(manifest)
        with transaction.atomic():
            # Old sessions would bring back who has signed out since.
            Session.objects.all().delete()
            Authorization.objects.all().delete()
            lost = replace_lost()
        _take_up()
        return cls(manifest, lost)


@transaction.atomic
def _hold(manifest: Manifest) -> None:
    OutgoingHold.objects.all().delete()
    OutgoingHold.objects.create(backup_made_at=manifest.made)
    record("backup.restored", made_at=manifest.made_at, version=manifest.version)


def _take_up() -> None:
    """What was in work when the backup was made, and what waited for people whom only the later
    copy of the log knows."""
    take_over()
    for known in IntegrationUser.objects.filter(kind="user").select_related("team"):
        replay(known)
