"""Pretend GitHub: accounts, repositories, hooks and their deliveries.

The API lies under /api/v3, as on GitHub Enterprise Server: https://docs.github.com/en/rest
"""

from __future__ import annotations
