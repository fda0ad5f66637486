"""The one place where accounts tell the rest of the program that something ends."""

from __future__ import annotations

from django.dispatch import Signal

#: A token lets nobody in any more. It provides ``token``, which is still there; sent inside the
#: transaction, so that what it has set up elsewhere ends with it.
token_ends = Signal()
