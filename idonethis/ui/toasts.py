"""Messages that appear for a moment at the foot of a page, some with an Undo button."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.messages.storage.base import Message
from django.http import HttpRequest

_UNDO = "undo:"


def toast(request: HttpRequest, text: str, *, undo: str = "") -> None:
    """Say ``text`` on the page that follows; ``undo`` is the path that takes it back by POST."""
    messages.success(request, text, extra_tags=_UNDO + undo if undo else "")


def undo_path(message: Message) -> str:
    """The path that takes back what a message tells of, or an empty string."""
    tags = message.extra_tags or ""
    return tags.removeprefix(_UNDO) if tags.startswith(_UNDO) else ""
