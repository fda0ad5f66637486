"""The one place where teams tell the rest of the program that something ends.

Both are sent inside the transaction, before the rows are gone, so that whoever has something to
undo elsewhere stores it there and then.
"""

from __future__ import annotations

from django.dispatch import Signal

#: Provides ``team``.
team_ends = Signal()
#: Somebody does not work in a team any more: they have left, were removed, or may not sign in. It
#: provides ``team`` and ``user``; what they have connected is still there.
member_leaves = Signal()
