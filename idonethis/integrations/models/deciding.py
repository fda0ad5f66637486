"""What people say to what is suggested to them, and what follows of it."""

from __future__ import annotations

from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from idonethis.background import INBOX
from idonethis.entries.models import Change, Source
from idonethis.integrations.models.receipt import Receipt
from idonethis.integrations.models.suggestion import Suggestion
from idonethis.integrations.models.suggestions import State, SuggestionQuerySet
from idonethis.integrations.values import Reason, Verdict

#: Longer than a batch of receipts that has read what was decided may take.
RECENTLY = timedelta(minutes=10)


def decide(waiting: SuggestionQuerySet, verdict: Verdict) -> list[str]:
    """What is accepted is logged, each on its day; what is dismissed never is. Returns the public
    names of those that still waited. Whoever dies in between leaves the rest to ``settle``: inbox
    and log may be two databases."""
    return _carried_out(_moved(waiting.undecided(), verdict))


@transaction.atomic
def _moved(waiting: SuggestionQuerySet, verdict: Verdict) -> list[str]:
    """No receipt speaks of what a program drafted, so that is logged at once."""
    names = waiting.move_to(verdict)
    for draft in Suggestion.objects.drafted().filter(hash_id__in=names, state=State.ACCEPTED):
        draft.log()
    return names


def wait_again(suggestions: SuggestionQuerySet) -> list[str]:
    """Undoes that: their entries go, but for those that a person has changed since."""
    undone = [each.pk for each in suggestions if _leaves(each)]
    return _carried_out(suggestions.filter(pk__in=undone).move_to(State.PENDING))


def _leaves(suggestion: Suggestion) -> bool:
    team, origin = suggestion.team, suggestion.origin
    told = Source.objects.forget(suggestion.key, team=team, origin=origin)
    return told.change is not Change.UNCHANGED


def _carried_out(names: list[str]) -> list[str]:
    Receipt.objects.about(names).replay()
    INBOX.wake_on_commit()
    return names


def expire() -> int:
    """What nobody has decided in time waits no more."""
    return len(_carried_out(Suggestion.objects.overdue().move_to(State.EXPIRED)))


def settle() -> None:
    """For what was decided a moment ago: a batch that was under way may have missed it."""
    recent = Suggestion.objects.filter(moved_at__gt=timezone.now() - RECENTLY)
    waits = list(recent.pending().values_list("hash_id", flat=True))
    decided = list(recent.exclude(state=State.PENDING).values_list("hash_id", flat=True))
    Receipt.objects.about(decided).filter(outcome=Reason.SUGGESTED).replay()
    Receipt.objects.about(waits).exclude(outcome=Reason.SUGGESTED).replay()
