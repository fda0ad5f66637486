"""Receipts about which a partner is asked. Those of a link stand in a line: where the first cannot
be asked about, the others wait; where it is about that one alone, they pass it after a while."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import timedelta

from django.utils import timezone

from idonethis.integrations.http import Again, Away
from idonethis.integrations.models.integration_link import IntegrationLink
from idonethis.integrations.models.line import MOST_STUBBORN, STUBBORN, wait_after
from idonethis.integrations.models.link_states import ANSWERED
from idonethis.integrations.models.receipt import Receipt
from idonethis.integrations.models.receipts import ReceiptQuerySet
from idonethis.integrations.reads import BARE


class BareLine:
    """The lines of all links to one partner, served in turn."""

    def __init__(self, integration_type: str) -> None:
        self._type = integration_type
        self._last = -1

    @property
    def _bare(self) -> ReceiptQuerySet:
        return Receipt.objects.filter(state=BARE, integration_type=self._type)

    def claim(self, *, lease: timedelta) -> list[Receipt]:
        """The oldest of the next link that does not rest and is in no trouble; none, or one."""
        ready = self._bare.filter(due_at__lte=timezone.now()).exclude(link_id__in=self._resting())
        in_order = ready.order_by("link_id", "pk").values_list("link_id", "pk")
        first = in_order.filter(link_id__gt=self._last).first() or in_order.first()
        if first is None:
            return []
        self._last, pk = first
        claimed: list[Receipt] = ready.filter(pk=pk).claim(1, lease=lease)
        return claimed

    def _resting(self) -> set[int]:
        links = IntegrationLink.objects.filter(integration_type=self._type, state__in=ANSWERED)
        put_off = self._bare.filter(attempts__gt=0, due_at__gt=timezone.now())
        waiting = list(put_off.values_list("link_id", "attempts"))
        return {*links.values_list("pk", flat=True), *_resting(waiting)}

    def put_off(self, receipt: Receipt, problem: Again) -> None:
        """Until later. A pause that the partner asks for does not count as a try, and is for all of
        the link, as is that nobody is there."""
        why, tries = str(problem)[:300], receipt.attempts
        wait = timedelta(seconds=wait_after(problem, tries))
        if problem.after is not None:
            tries = max(1, tries - 1)
        if problem.after is not None or isinstance(problem, Away):
            tries = min(tries, STUBBORN - 1)
        receipt.again(at=timezone.now() + wait, why=why, attempts=tries)

    def hurry(self, link_id: int) -> None:
        """The partner answers again: nobody need wait any longer."""
        self._bare.filter(link_id=link_id, attempts__gt=0).update(due_at=timezone.now())


def _resting(waiting: Iterable[tuple[int, int]]) -> set[int]:
    """By their first, which is in work or has been put off; or by so many stubborn ones that it is
    no accident."""
    young = {link for link, attempts in waiting if attempts < STUBBORN}
    stubborn = Counter(link for link, attempts in waiting if attempts >= STUBBORN)
    return young | {link for link, count in stubborn.items() if count >= MOST_STUBBORN}
