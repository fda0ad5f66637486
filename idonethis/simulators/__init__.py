"""Pretend partners over real HTTP: consent pages, APIs, signed hooks, and faults on demand.

They follow each partner's public documentation and know nothing of this application, so they can
stand in for the partner in a demo and contradict us in a test.
"""

from __future__ import annotations
