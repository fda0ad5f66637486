"""The keys that encrypt secrets at rest."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator

from django.conf import settings


class Sealed(Exception):
    """A stored secret does not open: its key is gone, or it was moved to another row."""


def keys() -> Iterator[tuple[str, bytes]]:
    """Each with its id; the first writes, all read."""
    for text in settings.ENCRYPTION_KEYS:
        key = hashlib.sha256(text.encode()).digest()
        yield hashlib.sha256(key).hexdigest()[:8], key
