"""How receipts are found."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Any

from django.db import models
from django.db.models.expressions import RawSQL
from django.db.models.query import ModelIterable

from idonethis.integrations import registry
from idonethis.integrations.base import Expands
from idonethis.integrations.models.apart import Apart, is_used
from idonethis.integrations.models.integration_link import IntegrationLink
from idonethis.integrations.models.lease import untried
from idonethis.integrations.models.turns import InTurn
from idonethis.integrations.reads import BARE
from idonethis.integrations.values import Reason

#: As many of those that are tried again are shown.
MOST_TRIED = 500
#: Ends that may turn out differently the next time.
REPLAYABLE = (
    Reason.LINK_PAUSED,
    Reason.FAILED,
    Reason.NOT_IN_TEAM,
    Reason.NO_PERSON,
    Reason.STORM_HELD,
)
#: In the words of ``receipts_replayable``: SQLite knows no index again by a list that is bound.
IS_REPLAYABLE = RawSQL(  # noqa: S611
    f"outcome IN ({', '.join(map(repr, map(str, REPLAYABLE)))})", [], models.BooleanField()
)
#: Ends in which a receipt has brought something into the log.
BECAME = (Reason.CREATED, Reason.UPDATED, Reason.MERGED)
#: Ends in which it is a part of an entry.
JOINED = (*BECAME, Reason.DUPLICATE)


class ReceiptQuerySet(InTurn[Any]):
    def _fetch_all(self) -> None:
        """What is fetched together has its requests fetched together, once one is read."""
        is_new = self._result_cache is None
        super()._fetch_all()
        if is_new and issubclass(self._iterable_class, ModelIterable) and is_used():
            _tie([each for each in self._result_cache or () if "request" in vars(each)])

    def waiting_for(self, keys: Iterable[str], *, integration_type: str) -> ReceiptQuerySet:
        """Those that made no entry because nobody knew who these people are."""
        return self.filter(
            integration_type=integration_type,
            outcome=Reason.NO_PERSON,
            actor_key__in=list(keys),
            state="done",
        )

    def of_link(self, link: IntegrationLink) -> ReceiptQuerySet:
        """What has come in by this link and is through, newest first."""
        return self.filter(state="done", read_for=link.pk).order_by("-pk")

    def replayable_of(self, link: IntegrationLink) -> ReceiptQuerySet:
        """Those of this link that may end differently the next time."""
        return self.of_link(link).filter(IS_REPLAYABLE)

    def made_for(self, link: int, *, after: int) -> ReceiptQuerySet:
        """What made an entry for this link, newest first, of those that came after a receipt."""
        made = self.filter(state="done", read_for=link, outcome=Reason.CREATED, pk__gt=after)
        return made.order_by("-pk")

    def of_entry(self, hash_id: str) -> ReceiptQuerySet:
        """What this entry came of. (Empty ones are ruled out for the sake of the index.)"""
        return self.filter(entry=hash_id).exclude(entry="")

    def due_or_tried(self) -> tuple[ReceiptQuerySet, ...]:
        """What waits to be processed: what nobody has tried yet, and what is tried again. Each is
        in an index of its own."""
        due = self.filter(state="due")
        return due.filter(attempts=0), due.filter(attempts__gt=0)

    def unread_at(self, links: Collection[IntegrationLink]) -> tuple[ReceiptQuerySet, ...]:
        """What has come for these links and is not through (again), newest first: what a storm
        holds, what the partner is asked about, what nobody has tried yet, and what is tried again.
        Each is in an index of its own. A receipt goes on from one to the next, so whoever looks at
        them in this order, and then at what is through, does not miss it on its way."""
        ids, types = [link.pk for link in links], {link.integration_type for link in links}
        theirs = models.Q(link_id__in=ids) | models.Q(link_id=0, read_for__in=ids)
        due = self.filter(theirs, state="due").order_by("-pk")
        fresh = due.filter(link_id__in=[0, *ids], attempts=0)
        bare = self.filter(state=BARE, integration_type__in=types, link_id__in=ids).order_by("-pk")
        held = self.filter(state="held", read_for__in=ids).order_by("-pk")
        return held, bare, fresh, due.filter(pk__in=self._tried_again())

    def _tried_again(self) -> list[int]:
        """Of all, whatever these are narrowed to, the next first: ordered by anything else, all
        that ever came in would be looked at for them."""
        again = self.model._default_manager.filter(state="due", attempts__gt=0).order_by("due_at")
        return list(again.values_list("pk", flat=True)[:MOST_TRIED])

    def joined(self, link: int, entries: Iterable[str]) -> ReceiptQuerySet:
        """Those of this link that are part of these entries."""
        names = [name for name in entries if name]
        of_link = self.filter(state="done", read_for=link) if names else self.none()
        return of_link.filter(entry__in=names, outcome__in=JOINED).exclude(entry="")

    def about(self, suggestions: Iterable[str]) -> ReceiptQuerySet:
        """Those that these suggestions came of; not those that decided them."""
        names = [name for name in suggestions if name]
        told = self.filter(state="done", suggestion__in=names) if names else self.none()
        return told.exclude(outcome=Reason.DECIDED).exclude(suggestion="")

    def replay(self) -> int:
        """Processes these once more, from what was stored; where the partner has not said the rest
        yet, it is asked again. Entries that exist stay one."""
        asking = [receipt.pk for receipt in self._perhaps_unasked() if receipt.is_unasked]
        unasked = self.filter(pk__in=asking).update(state=BARE, **untried()) if asking else 0
        return unasked + self.exclude(state=BARE).start_over()

    def _perhaps_unasked(self) -> ReceiptQuerySet:
        return self.filter(integration_type__in=registry.types_able(Expands), more=None)


def _tie(receipts: Iterable[Any]) -> None:
    lie_apart = [each for each in receipts if not each.request and each.has_request]
    apart = Apart.of(lie_apart)
    for each in lie_apart:
        each.apart = apart
