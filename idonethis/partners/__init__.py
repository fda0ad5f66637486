"""One folder here is one integration partner. Nothing else has to be edited to add one."""

from __future__ import annotations
