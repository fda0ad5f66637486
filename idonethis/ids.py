"""Opaque public names for rows: what addresses and the API show instead of a primary key."""

from __future__ import annotations

import secrets


def hash_id() -> str:
    """Twelve hexadecimal digits, random."""
    return secrets.token_hex(6)


def hook_token() -> str:
    """256 random bits, URL-safe, 43 characters: an address nobody can guess."""
    return secrets.token_urlsafe(32)
