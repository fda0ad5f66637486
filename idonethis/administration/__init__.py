"""What the administrators of the server see, and the admins of a team of its changes."""

from __future__ import annotations
