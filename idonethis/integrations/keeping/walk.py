from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from itertools import takewhile

from idonethis.integrations.keeping.ripe import FIELDS, Old
from idonethis.integrations.models.receipt import Receipt

#: So many receipts at most are looked at in one go.
PORTION = 2_000


@dataclass
class Walk:
    """Through all that came before an instant, once."""

    before: datetime
    after: int = 0
    is_over: bool = False

    def next(self) -> list[Old]:
        """The next few, of one day."""
        rows = Receipt.objects.filter(pk__gt=self.after).order_by("pk")
        found = [Old(*row) for row in rows.values_list(*FIELDS)[:PORTION]]
        old = [row for row in found if row.received_at < self.before]
        if not old:
            self.is_over = True
            return []
        portion = list(takewhile(lambda row: row.day == old[0].day, old))
        self.after = portion[-1].pk
        return portion
