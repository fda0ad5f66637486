"""The keys that encrypt secrets at rest."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterator

from cryptography.fernet import Fernet
from django.conf import settings


class Sealed(Exception):
    """A stored secret does not open: its key is gone, or it was moved to another row."""


def keys() -> Iterator[tuple[str, bytes]]:
    """Each with its id; the first writes, all read."""
    for text in settings.ENCRYPTION_KEYS:
        key = hashlib.sha256(text.encode()).digest()
        yield hashlib.sha256(key).hexdigest()[:8], key


def boxes(purpose: str) -> list[Fernet]:
    """One for each key, the one that writes first. What was put in for one purpose opens for no
    other."""
    digests = [hashlib.sha256(f"{purpose} {key}".encode()) for key in settings.ENCRYPTION_KEYS]
    return [Fernet(base64.urlsafe_b64encode(each.digest())) for each in digests]
