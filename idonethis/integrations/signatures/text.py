"""Bytes as text, in the two ways that senders know."""

from __future__ import annotations

import base64
import binascii
from enum import Enum


class Text(Enum):
    """``PLAIN`` is for secrets alone: their own characters."""

    PLAIN = "plain"
    HEX = "hex"
    BASE64 = "base64"

    def write(self, raw: bytes) -> bytes:
        return raw.hex().encode() if self is Text.HEX else base64.b64encode(raw)

    def read(self, text: str) -> bytes:
        """Raises ValueError for what was never written so, blanks and other fillings included."""
        if self is Text.PLAIN:
            return text.encode()
        try:
            raw = bytes.fromhex(text) if self is Text.HEX else base64.b64decode(text, validate=True)
        except binascii.Error as problem:
            raise ValueError("This is not base64.") from problem
        if self.write(raw).decode().lower() != text.lower():
            raise ValueError("This is not how it is written.")
        return raw
