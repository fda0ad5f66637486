"""The one-time link that makes the first account of a server."""

from __future__ import annotations

import secrets

from django.conf import settings
from django.urls import reverse

from idonethis import env
from idonethis.accounts.models import User

TOKEN = "SETUP_TOKEN"  # noqa: S105


def setup_url() -> str:
    """Where the first account is made; empty once somebody administers this server."""
    if is_set_up():
        return ""
    return settings.BASE_URL + reverse("setup", args=[env.kept_secret(TOKEN)])


def is_set_up() -> bool:
    return User.objects.filter(is_superuser=True).exists()


def opens(token: str) -> bool:
    """Whether this is the token, and nobody has used it."""
    return not is_set_up() and secrets.compare_digest(
        token.encode(), env.kept_secret(TOKEN).encode()
    )


def close() -> None:
    """The token has served."""
    env.forget_secret(TOKEN)
