from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from datetime import timedelta
from typing import Any, ClassVar

import zstandard
from django.conf import settings
from django.db import models, transaction
from django.utils import timezone

from idonethis.entries.search import index
from idonethis.entries.traces import Traces
from idonethis.ids import hash_id
from idonethis.integrations import secrets
from idonethis.integrations.models.apart import Apart
from idonethis.integrations.models.lease import Leased, LeasedQuerySet
from idonethis.integrations.models.receipt import Receipt

#: Receipts that one turn looks through.
BATCH = 200
#: A request of which nothing is left but that there was one.
EMPTY = b'{"method":"POST","query":"","headers":{}}\n'
NOTHING = b"{}"
ERASED = "Whose hook this was has been deleted here, and its content with them."


class ErasureQuerySet(LeasedQuerySet["Erasure"]):
    def begin(self, traces: Traces, *, actors: Iterable[str], entries: Iterable[str]) -> Erasure:
        """``actors``: the keys by which receipts name the person; ``entries``: the public ids of
        what became theirs, or was suggested to them."""
        last = Receipt.objects.order_by("-pk").values_list("pk", flat=True).first()
        begun = self.model(until=last or 0)
        wanted = {"words": traces.words, "actors": list(actors), "entries": list(entries)}
        begun.sealed = secrets.seal(json.dumps(wanted), row=begun._row)
        begun.save()
        return begun


class Erasure(Leased):
    """Somebody has been deleted, and the stored hooks are being looked through for them, a few at a
    time. What is looked for is sealed, and goes with the row at the end."""

    hash_id = models.CharField(max_length=12, unique=True, default=hash_id, editable=False)
    sealed = models.TextField()
    #: The receipts up to which everything has been looked through, and up to which it must be.
    after = models.BigIntegerField(default=0)
    until = models.BigIntegerField()

    objects: ClassVar[ErasureQuerySet] = ErasureQuerySet.as_manager()  # type: ignore[assignment]

    @property
    def _row(self) -> str:
        return f"erasure:{self.hash_id}"

    @property
    def wanted(self) -> Mapping[str, Any]:
        """What is looked for. Raises Sealed."""
        opened: Mapping[str, Any] = json.loads(secrets.open_sealed(self.sealed, row=self._row))
        return opened

    @classmethod
    def drain(cls) -> int:
        """Looks through the next few receipts of each; returns how many those were."""
        due = cls.objects.due().claim(1, lease=timedelta(minutes=2))
        return sum(erasure.go_on() for erasure in due)

    def go_on(self) -> int:
        batch = list(
            Receipt.objects.filter(pk__gt=self.after, pk__lte=self.until).order_by("pk")[:BATCH]
        )
        if not batch:
            return self._forget_words()
        wanted = self.wanted
        with transaction.atomic(using=settings.INBOX):
            traces = Traces(tuple(wanted["words"]))
            # From here on, what is kept of these stands in their rows.
            Apart.of(each for each in batch if _erase(each, wanted, traces)).forget()
        self.finish(after=batch[-1].pk, due_at=timezone.now())
        return len(batch)

    def _forget_words(self) -> int:
        """What the index of words still holds of them goes, too, a portion at a time."""
        if index.forget():
            self.finish(due_at=timezone.now())
            return 1
        self.delete()
        return 0


def _erase(receipt: Receipt, wanted: Mapping[str, Any], traces: Traces) -> bool:
    """All of what they did; of what others did, only where they are named. Whether nothing of it
    may lie apart any more."""
    request = zstandard.decompress(receipt.stored) if receipt.has_request else b""
    became = {receipt.entry, receipt.suggestion} - {""}
    by_them = bool(receipt.actor_key) and receipt.actor_key in wanted["actors"]
    is_theirs = by_them or not became.isdisjoint(wanted["entries"])
    kept = EMPTY if is_theirs and receipt.state == "done" else traces.erased_bytes(request)
    why = ERASED if kept == EMPTY else traces.erased(receipt.why)
    changes: dict[str, Any] = {"why": why[:300]}
    if kept != request:
        changes["request"] = zstandard.compress(kept, 1)
    if receipt.more:
        said = zstandard.decompress(bytes(receipt.more))
        told = NOTHING if kept == EMPTY else traces.erased_bytes(said)
        if told != said:
            changes["more"] = zstandard.compress(told, 1)
    if is_theirs:
        changes["actor_key"] = ""
    if traces.are_in(receipt.delivery_key):
        changes["delivery_key"] = traces.nameless(receipt.delivery_key)
    if why != receipt.why or len(changes) > 1:
        Receipt.objects.filter(pk=receipt.pk).update(**changes)
    return "request" in changes or not receipt.has_request
