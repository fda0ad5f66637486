"""Looks through what partners sent, newest first, until it has looked long enough."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from heapq import merge
from typing import Any
from urllib.parse import unquote_plus

import zstandard

from idonethis.integrations.models import Receipt
from idonethis.integrations.models.receipt import UNPACKING
from idonethis.integrations.models.receipts import ReceiptQuerySet
from idonethis.integrations.moments import moment
from idonethis.integrations.secrecy import is_secret
from idonethis.integrations.showing import searchable
from idonethis.integrations.sight import Sight
from idonethis.integrations.why.question import Question
from idonethis.ui.words import numbered

#: How many requests are read for one question, and for how long, in seconds.
MOST = 2_000
PATIENCE = 1.5
#: So many that speak of it are enough.
ENOUGH = 30
#: Rows that are fetched first, and the most that are fetched in one go.
CHUNK, LARGEST = 50, 400


@dataclass
class Scan:
    """``before`` is the primary key of the receipt at which an earlier scan stopped."""

    sight: Sight
    question: Question
    before: int = 2**62
    #: How many other links there are, of which the reader may not see what was sent.
    hidden: int = 0
    found: list[Receipt] = field(default_factory=list)
    looked: int = 0
    back_to: datetime | None = None
    #: Where to go on; None where there is no more.
    further: int | None = None

    def run(self) -> Scan:
        until = time.monotonic() + PATIENCE
        for receipt in self._newest():
            if self.looked and (self._is_enough() or time.monotonic() > until):
                self.further = self.before
                break
            self._look_at(receipt)
        return self

    def _look_at(self, receipt: Receipt) -> None:
        self.looked += 1
        self.back_to, self.before = receipt.received_at, receipt.pk
        if self._speaks_of_it(receipt):
            self.found.append(receipt)

    def _speaks_of_it(self, receipt: Receipt) -> bool:
        """Masking takes longer than looking; but whoever could find what is masked could guess it,
        letter by letter."""
        if not self.question.is_in(as_text(receipt)) or self._is_secret(receipt):
            return False
        return self.question.is_in(searchable(receipt.hook))

    def _is_secret(self, receipt: Receipt) -> bool:
        link = self.sight.link_of(receipt)
        return link is not None and is_secret(receipt, link, reader=self.sight.reader)

    def _is_enough(self) -> bool:
        return self.looked >= MOST or len(self.found) >= ENOUGH

    def _newest(self) -> Iterator[Receipt]:
        """Each link reads its own index in order, and no more of it than is asked for."""
        rows = Receipt.objects.filter(pk__lt=self.before)
        streams = [_chunks(unread) for unread in rows.unread_at(self.sight.opened)]
        streams += [_chunks(rows.of_link(link)) for link in self.sight.opened]
        return merge(*streams, key=lambda receipt: receipt.pk, reverse=True)

    @property
    def sentence(self) -> str:
        """How far it has looked."""
        return " ".join(filter(None, (self._far, self._hidden)))

    @property
    def _far(self) -> str:
        if self.further is not None and self.back_to:
            hooks = numbered(self.looked, "hook was", "hooks were")
            return f"{hooks} looked through, back to {moment(self.back_to, form='H:i')}."
        hooks = numbered(self.looked, "stored hook was", "stored hooks were")
        return f"{hooks} looked through; there are no more." if self.sight.opened else ""

    @property
    def _hidden(self) -> str:
        if not self.hidden:
            return ""
        links = numbered(self.hidden, "link", "links")
        return (
            f"What came by {links} was not looked through: only who made a link, and the admins of "
            "its team, may read that."
        )

    def facts(self) -> dict[str, Any]:
        return {
            "sentence": self.sentence,
            "looked": self.looked,
            "back_to": self.back_to.isoformat() if self.back_to else None,
            "before": self.further,
        }


def _chunks(rows: ReceiptQuerySet) -> Iterator[Receipt]:
    """Twice as many each time: who finds it early has not fetched much for nothing."""
    size = CHUNK
    while chunk := list(rows[:size]):
        yield from chunk
        rows, size = rows.filter(pk__lt=chunk[-1].pk), min(2 * size, LARGEST)


def as_text(receipt: Receipt) -> str:
    """The request as text: a form without its percent signs, and nothing for one that is broken;
    and what the partner said besides."""
    try:
        text = UNPACKING.decompress(receipt.stored).decode(errors="replace")
        more = UNPACKING.decompress(bytes(receipt.more)).decode() if receipt.more else ""
    except zstandard.ZstdError:
        return ""
    head, _, body = text.partition("\n")
    text = f"{head}\n{unquote_plus(body)}" if "form-urlencoded" in head else text
    return f"{text}\n{more}"
