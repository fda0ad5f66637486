"""The one place where entries tell the rest of the program that something happened.

Both signals are sent inside the transaction that stored the change, so that whoever writes a row
in answer commits or rolls back together with it. ``entries_created`` provides ``entries``, all that
were stored together; ``entry_changed`` provides ``entry``.

What is imported from the past sends no ``entries_created``, so that nobody is told of old news; it
does if it comes in by itself, too.
"""

from __future__ import annotations

from django.dispatch import Signal

entries_created = Signal()
#: Text, kind, day or details changed, or the entry was deleted or restored.
entry_changed = Signal()
