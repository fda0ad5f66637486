"""Where allauth asks how we want things done.

https://docs.allauth.org/en/latest/account/adapter.html
"""

from __future__ import annotations

import logging
from smtplib import SMTPException
from typing import Any, ClassVar
from urllib.parse import urlsplit

from allauth.account.adapter import DefaultAccountAdapter
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest

log = logging.getLogger(__name__)


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """People join by the set-up link or by an invitation, never by a public form."""

    error_messages: ClassVar[dict[str, Any]] = DefaultAccountAdapter.error_messages | {
        "email_password_mismatch": (
            "This mail address and this password do not belong together. "
            "Try again, or choose a new password."
        ),
        "too_many_login_attempts": "Too many attempts have failed. Wait five minutes.",
        "enter_current_password": "This is not the password you have now.",
        "incorrect_password": "This is not your password.",
        "duplicate_email": "You have this address already.",
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def populate_username(self, request: HttpRequest, user: Any) -> None:
        return

    def _get_login_attempts_cache_key(self, request: HttpRequest, **credentials: Any) -> str:
        """Failed sign-ins are counted of the person alone: allauth would count anew for each host
        that a request names, of which the visitor may choose the port."""
        return str(credentials.get("email", "")).lower()

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        try:
            super().send_mail(template_prefix, email, context | {"server": settings.SITE.netloc})
        except (OSError, SMTPException) as problem:
            log.error("The mail server did not take a mail: %s", problem)
            messages.error(
                self.request,
                "The mail server did not take the mail, so it was not sent. "
                "Try again, or tell whoever runs this server.",
            )

    def get_reset_password_from_key_url(self, key: str) -> str:
        return _at_our_address(super().get_reset_password_from_key_url(key))

    def get_email_confirmation_url(self, request: HttpRequest, emailconfirmation: Any) -> str:
        return _at_our_address(super().get_email_confirmation_url(request, emailconfirmation))


def _at_our_address(url: str) -> str:
    """A link in a mail leads to this server, whatever host the request named."""
    return f"{settings.BASE_URL}{urlsplit(url).path}"
