"""What a partner could not deliver, and does not send again by itself."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.utils import timezone

from idonethis.integrations.base import Client, FailedDelivery, Redelivers
from idonethis.integrations.models.receipt import Receipt
from idonethis.integrations.models.registered_hook import RegisteredHook
from idonethis.integrations.models.repair import Repair

#: So many are asked for at a time, so that one gap does not use up what a partner allows.
PORTION = 30
#: When to see whether what was asked for has come.
PAUSE = timedelta(minutes=1)
#: What has been tried so often is not asked for again.
MOST_TRIES = 5
#: By so much the clocks may differ.
OVERLAP = timedelta(minutes=5)


def fill(hook: RegisteredHook, integration: Redelivers, client: Client) -> datetime | None:
    """Has sent again what did not arrive since we asked last. Returns when to look whether it came;
    None where nothing is missing. Raises Failed."""
    began, about = timezone.now(), {"remote_id": hook.remote_id}
    since = hook.complete_until - OVERLAP
    failed = integration.failed_deliveries(client, hook.subject, since=since, **about)
    missing = _missing(hook, failed)
    _note(hook, missing)
    for delivery in missing[:PORTION]:
        integration.redeliver(client, hook.subject, delivery=delivery, **about)
    if missing:
        return began + PAUSE
    RegisteredHook.objects.filter(pk=hook.pk).update(complete_until=began)
    return None


def _missing(hook: RegisteredHook, failed: Sequence[FailedDelivery]) -> list[FailedDelivery]:
    """Without those that are here although the partner does not know: we answered too late."""
    tried = [each for each in failed if each.tries < MOST_TRIES]
    received = Receipt.objects.filter(
        integration_type=hook.integration_type, delivery_key__in=[each.key for each in tried]
    )
    here = set(received.values_list("delivery_key", flat=True))
    return [each for each in tried if each.key not in here]


def _note(hook: RegisteredHook, missing: Sequence[FailedDelivery]) -> None:
    new = [each for each in missing if each.tries == 1]
    if new:
        Repair.objects.note_deliveries(hook, len(new), first=new[0].at, last=new[-1].at)
