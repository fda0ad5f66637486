"""The log of changes: who changed what, when, and from where. It is only ever added to."""

from __future__ import annotations
