"""Pretend partners that take messages: one simulator, each of them as data."""

from __future__ import annotations
