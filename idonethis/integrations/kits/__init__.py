"""What several partners tell in the same way, written once for all of them."""

from __future__ import annotations
