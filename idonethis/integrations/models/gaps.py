"""What a partner could not deliver, and does not send again by itself."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.utils import timezone

from idonethis.integrations.base import Client, FailedDelivery, Redelivers
from idonethis.integrations.models.receipt import Receipt
from idonethis.integrations.models.receipts import ReceiptQuerySet
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
    began, since = timezone.now(), hook.complete_until - OVERLAP
    lost = lost_since(since, hook, integration, client)
    missing = [each for each in lost if each.tries < MOST_TRIES]
    _note(hook, missing)
    for delivery in missing[:PORTION]:
        integration.redeliver(client, hook.subject, remote_id=hook.remote_id, delivery=delivery)
    if missing:
        return began + PAUSE
    RegisteredHook.objects.filter(pk=hook.pk).update(complete_until=began)
    return None


def lost_since(
    since: datetime, hook: RegisteredHook, integration: Redelivers, client: Client
) -> list[FailedDelivery]:
    """Without those that are here although the partner does not know: we answered too late. Raises
    Failed."""
    remote_id = hook.remote_id
    failed = integration.failed_deliveries(client, hook.subject, remote_id=remote_id, since=since)
    here = set(came(hook, [each.key for each in failed]).values_list("delivery_key", flat=True))
    return [each for each in failed if each.key not in here]


def came(hook: RegisteredHook, keys: Sequence[str]) -> ReceiptQuerySet:
    """What is here of these deliveries."""
    links = [0, *hook.links.values_list("pk", flat=True)]
    of_type = Receipt.objects.filter(integration_type=hook.integration_type)
    return of_type.filter(link_id__in=links, delivery_key__in=keys)


def _note(hook: RegisteredHook, missing: Sequence[FailedDelivery]) -> None:
    new = [each for each in missing if each.tries == 1]
    if new:
        Repair.objects.note_deliveries(hook, len(new), first=new[0].at, last=new[-1].at)
