"""Secrets at rest: AES-256-GCM, with the key's id in front and the row bound in, so that a value
copied to another row or read with another key does not open."""

from __future__ import annotations

import base64
import hashlib
import os
from collections.abc import Iterator

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings


class Sealed(Exception):
    """A stored secret does not open: its key is gone, or it was moved to another row."""


def seal(text: str, *, row: str) -> str:
    """``v1.<key id>.<base64 of nonce and ciphertext>``; ``row`` names table, row and column."""
    key_id, key = next(_keys())
    nonce = os.urandom(12)
    sealed = nonce + AESGCM(key).encrypt(nonce, text.encode(), row.encode())
    return f"v1.{key_id}.{base64.b64encode(sealed).decode()}"


def open_sealed(stored: str, *, row: str) -> str:
    """What was sealed for this row. Raises Sealed."""
    if not stored:
        return ""
    _, key_id, content = stored.split(".")
    key = dict(_keys()).get(key_id)
    if key is None:
        raise Sealed("A stored secret was encrypted with a key that is no longer configured.")
    raw = base64.b64decode(content)
    try:
        return AESGCM(key).decrypt(raw[:12], raw[12:], row.encode()).decode()
    except InvalidTag as problem:
        raise Sealed("A stored secret does not belong to its row, or was changed.") from problem


def _keys() -> Iterator[tuple[str, bytes]]:
    for text in settings.ENCRYPTION_KEYS:
        key = hashlib.sha256(text.encode()).digest()
        yield hashlib.sha256(key).hexdigest()[:8], key


def key_ids() -> list[str]:
    """The ids of the keys that are configured, the writing one first."""
    return [key_id for key_id, _ in _keys()]


def is_lost(stored: str) -> bool:
    """Whether this was sealed with a key that is not configured (any more)."""
    return bool(stored) and stored.split(".")[1] not in key_ids()
