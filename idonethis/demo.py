from __future__ import annotations


class Demo:
    """Filled in below."""
