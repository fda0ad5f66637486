"""What would go, and how much that is."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import date

from django.db.models import Sum
from django.db.models.functions import Coalesce, Length

from idonethis.integrations.keeping.ripe import Old, ripe
from idonethis.integrations.keeping.walk import Walk
from idonethis.integrations.keeping.window import Window
from idonethis.integrations.models.apart import Apart
from idonethis.integrations.models.receipt import Receipt


@dataclass
class Plan:
    """``days`` with how many receipts of each would go; ``size`` of their requests as they are
    stored, in bytes; ``waiting`` are as old, and stay."""

    days: Counter[date] = field(default_factory=Counter)
    size: int = 0
    waiting: int = 0

    @classmethod
    def of(cls, window: Window) -> Plan:
        plan, walk = cls(), Walk(window.before)
        while portion := walk.next():
            plan._count(portion)
        return plan

    @property
    def receipts(self) -> int:
        return self.days.total()

    def _count(self, portion: list[Old]) -> None:
        going = ripe(portion)
        self.days.update(row.day for row in going)
        self.size += _size(going)
        self.waiting += sum(row.has_request for row in portion) - len(going)


def _size(rows: list[Old]) -> int:
    length = Sum(Length("request") + Coalesce(Length("more"), 0))
    found = Receipt.objects.filter(pk__in=[row.pk for row in rows]).aggregate(length=length)
    return (found["length"] or 0) + Apart.of(rows).size()
