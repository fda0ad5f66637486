"""Secrets at rest: AES-256-GCM, with the key's id in front and the row bound in, so that a value
copied to another row or read with another key does not open."""

from __future__ import annotations

import base64
import os

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from idonethis.keys import Sealed, keys

__all__ = ["Sealed", "is_lost", "key_ids", "open_sealed", "resealed", "seal"]


def seal(text: str, *, row: str) -> str:
    """``v1.<key id>.<base64 of nonce and ciphertext>``; ``row`` names table, row and column."""
    key_id, key = next(keys())
    nonce = os.urandom(12)
    sealed = nonce + AESGCM(key).encrypt(nonce, text.encode(), row.encode())
    return f"v1.{key_id}.{base64.b64encode(sealed).decode()}"


def open_sealed(stored: str, *, row: str) -> str:
    """What was sealed for this row. Raises Sealed."""
    if not stored:
        return ""
    key_id, content = _parts(stored)
    key = dict(keys()).get(key_id)
    if key is None:
        raise Sealed("A stored secret was encrypted with a key that is no longer configured.")
    try:
        raw = base64.b64decode(content, validate=True)
        return AESGCM(key).decrypt(raw[:12], raw[12:], row.encode()).decode()
    except (InvalidTag, ValueError) as problem:
        raise Sealed("A stored secret does not belong to its row, or was changed.") from problem


def resealed(stored: str, *, row: str) -> str:
    """The same secret, encrypted with the first key; itself, where it is already. Raises Sealed."""
    opened = open_sealed(stored, row=row)
    is_current = not stored or _parts(stored)[0] == key_ids()[0]
    return stored if is_current else seal(opened, row=row)


def key_ids() -> list[str]:
    """The ids of the keys that are configured, the writing one first."""
    return [key_id for key_id, _ in keys()]


def is_lost(stored: str) -> bool:
    """Whether this was sealed with a key that is not configured (any more)."""
    return bool(stored) and _parts(stored)[0] not in key_ids()


def _parts(stored: str) -> tuple[str, str]:
    version, _, rest = stored.partition(".")
    key_id, _, content = rest.partition(".")
    if version != "v1":
        raise Sealed("A stored secret has a form that this version does not know.")
    return key_id, content
