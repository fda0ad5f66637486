"""A pretend partner with everything that a partner can have: OAuth whose tokens run out, things to
pick, webhooks that are made at it, and posts."""

from __future__ import annotations
