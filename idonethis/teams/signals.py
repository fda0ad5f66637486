"""The one place where teams tell the rest of the program that something ends.

Both are sent inside the transaction, before the rows are gone, so that whoever has something to
undo elsewhere stores it there and then.
"""

from __future__ import annotations

from django.dispatch import Signal

#: Provides ``team``.
team_ends = Signal()
#: Somebody stops working in a team: they leave, are removed, or may not sign in any more. Provides
#: ``team`` and ``user``.
member_leaves = Signal()
