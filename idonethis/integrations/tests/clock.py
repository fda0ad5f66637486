"""A clock of ours that tests put forward; that of a partner goes on as ever."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.utils import timezone


class Clock:
    def __init__(self) -> None:
        self.ahead, self.now = timedelta(), timezone.now

    @classmethod
    def of(cls, monkeypatch: pytest.MonkeyPatch) -> Clock:
        made = cls()
        monkeypatch.setattr(timezone, "now", made)
        return made

    def shift(self, span: timedelta) -> None:
        self.ahead += span

    def shift_to(self, moment: datetime) -> None:
        self.shift(moment - self())

    def __call__(self) -> datetime:
        return self.now() + self.ahead
