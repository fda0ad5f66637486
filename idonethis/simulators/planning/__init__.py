"""Pretend partners in which work is planned: one simulator, each of them as data."""

from __future__ import annotations
