"""What people do on GitHub; each of these sends the hooks that GitHub would send."""

from __future__ import annotations
