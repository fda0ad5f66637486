"""How a log moves in and out: what others wrote down elsewhere is brought in, once, to the right
people; and what stands here is written into files that need no server to be read."""

from __future__ import annotations
