"""What a person may ask of us: all that we know of them, and that we forget it."""

from __future__ import annotations
