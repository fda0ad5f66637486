"""The one place where teams tell the rest of the program that something ends.

It is sent inside the transaction, before the rows are gone, so that whoever has something to undo
elsewhere stores it there and then. It provides ``team``.
"""

from __future__ import annotations

from django.dispatch import Signal

team_ends = Signal()
#: Sent after the membership is gone. It provides ``team`` and ``user``.
member_left = Signal()
