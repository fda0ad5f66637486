"""How our own mails are called in the world: https://www.rfc-editor.org/rfc/rfc5322#section-3.6.4"""

from __future__ import annotations

from django.conf import settings


def host() -> str:
    return settings.SITE.hostname or "localhost"


def named(name: str) -> str:
    """A mail that is sent twice, since a process died in between, is one mail to the reader if its
    name is the same."""
    return f"<{name}@{host()}>"
