"""Finding entries by what they say: by the database's own index of words, alike on both.

What is found stands newest first, as in the log: somebody who looks for a piece of work knows
roughly when it was, and entries of one line are hardly better or worse answers than each other. So
the newest are read along an index, however many there are; ranked, all would have to be read."""

from __future__ import annotations

from idonethis.entries.search.asked import Asked
from idonethis.entries.search.found import Place, Within, found

__all__ = ["Asked", "Place", "Within", "found"]
