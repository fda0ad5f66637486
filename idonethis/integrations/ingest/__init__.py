"""The way in: from a partner's request to a durable row, and nothing more."""

from __future__ import annotations
