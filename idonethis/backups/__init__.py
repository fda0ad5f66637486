"""One file that holds everything, and the way back from it.

The inbox is copied before the log. A receipt is marked after its entry is committed, so whatever
the copy of the inbox calls done has its entry in the later copy of the log; what it calls due is
processed again after a restore, and its key finds the entry that may be there already. The other
way round, a hook could be marked as done in one file and be missing from the other. On PostgreSQL
both are one snapshot."""

from __future__ import annotations
