"""Names for rows: opaque ones of our own, which addresses and the API show instead of a primary
key, and those of others, cut to what a row can hold."""

from __future__ import annotations

import hashlib
import secrets


def hash_id() -> str:
    """Twelve hexadecimal digits, random."""
    return secrets.token_hex(6)


def hook_token() -> str:
    """256 random bits, URL-safe, 43 characters: an address nobody can guess."""
    return secrets.token_urlsafe(32)


def shortened(name: str, most: int) -> str:
    """In at most so many characters; two long ones that begin alike stay two."""
    if len(name) <= most:
        return name
    return name[: most - 64] + hashlib.sha256(name.encode(errors="replace")).hexdigest()
