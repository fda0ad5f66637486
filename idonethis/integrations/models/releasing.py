"""What becomes of the receipts that a storm has held: a step at a time, in the lane of the inbox,
so that others are not kept waiting and a restart only continues."""

from __future__ import annotations

from django.db.models import Count, Max

from idonethis.accounts.models import User
from idonethis.background import INBOX
from idonethis.integrations.models.known import Known
from idonethis.integrations.models.receipt import Receipt
from idonethis.integrations.models.receipts import ReceiptQuerySet
from idonethis.integrations.models.storm import HELD, Storm
from idonethis.integrations.values import Reason
from idonethis.ui.words import numbered

#: How many receipts a step reads, and how many it drops: whoever else has sent something waits for
#: the end of a step.
MOST_READ = 20
MOST_DROPPED = 500


def held_by(storm: Storm) -> ReceiptQuerySet:
    """What waits; once it is decided, no more than was meant by that."""
    held = Receipt.objects.filter(state="held", read_for=storm.link_id)
    return held.filter(pk__lte=storm.last_receipt) if storm.released_at else held


def release(storm: Storm, choice: str, *, by: User | None) -> bool:
    """Whatever is held by now is logged, folded or dropped; what comes from now on is not held.
    False: somebody else has decided meanwhile."""
    held = held_by(storm).aggregate(events=Count("pk"), last_receipt=Max("pk"))
    held["last_receipt"] = held["last_receipt"] or 0
    INBOX.wake_on_commit()
    return storm.decide(choice, by=by, **held)


def release_some() -> int:
    """One step for each storm under way; returns how many receipts that was."""
    return sum(_step(storm) for storm in Storm.objects.all_under_way())


def _step(storm: Storm) -> int:
    if storm.released_at:
        return _release_some(storm)
    if storm.link.is_gone:
        return int(release(storm, Storm.Choice.LOG, by=None))
    return _take_back(storm)


def _take_back(storm: Storm) -> int:
    """What it made before it was known to be one, so that it is held like the rest."""
    read = Receipt.objects.of_link(storm.link).filter(pk__gte=storm.first_receipt)
    made = set(read.filter(outcome=Reason.CREATED).values_list("entry", flat=True))
    return read.filter(entry__in=made).anew() if made else 0


def _release_some(storm: Storm) -> int:
    held = held_by(storm)
    if not held.exists():
        storm.end()
        return 0
    if storm.choice == Storm.Choice.DROP:
        return _drop_some(storm, held)
    if storm.choice == Storm.Choice.FOLD:
        return _fold_some(storm, held)
    return Receipt.work(held.take(MOST_READ), Known())


def _fold_some(storm: Storm, held: ReceiptQuerySet) -> int:
    """One process at a time: a second would wait for the same entry, and all that it reads with
    it. What has failed and waits for its next try says so, and holds up nobody."""
    if held.filter(why=HELD).in_hand().exists():
        return 0
    return Receipt.work(held.take(MOST_READ), Known(folding=storm))


def _drop_some(storm: Storm, held: ReceiptQuerySet) -> int:
    some = list(held.order_by("pk").values_list("pk", flat=True)[:MOST_DROPPED])
    who = storm.released_by or "somebody"
    events = numbered(storm.events, "event", "events")
    why = f"Dropped by {who}, with a storm of {events}. It can still be processed again."
    return held.filter(pk__in=some).update(state="done", why=why[:300])


def let_go() -> int:
    """What a storm held that is over: in the instant in which it was decided, or with its link."""
    known = Storm.objects.filter(ended_at=None).values_list("link_id", flat=True)
    lost = Receipt.objects.filter(state="held").exclude(read_for__in=list(known))
    return lost.update(state="due", outcome="")
