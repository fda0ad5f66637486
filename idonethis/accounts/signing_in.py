"""What is written down of signing in and of what one signs in with."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from allauth.account import signals as account
from allauth.mfa import signals as mfa
from django.contrib.auth import signals as auth
from django.dispatch import Signal

from idonethis.accounts.models import User
from idonethis.audit.models import record

#: The action for each signal that provides its person.
ACTIONS: tuple[tuple[Signal, str], ...] = (
    (auth.user_logged_in, "sign_in.done"),
    (auth.user_logged_out, "sign_in.ended"),
    (account.password_set, "password.changed"),
    (account.password_changed, "password.changed"),
    (account.password_reset, "password.reset"),
    (account.email_added, "address.added"),
    (account.email_changed, "address.made_primary"),
    (account.email_removed, "address.removed"),
    (mfa.authenticator_added, "second_factor.added"),
    (mfa.authenticator_removed, "second_factor.removed"),
    (mfa.authenticator_reset, "second_factor.renewed"),
)


def _writing(action: str) -> Callable[..., None]:
    def write(user: User | None = None, **signal: Any) -> None:
        if user:
            record(action, user)

    return write


for signal, action in ACTIONS:
    signal.connect(_writing(action), weak=False)


def write_failure(credentials: dict[str, Any], **signal: Any) -> None:
    """By whose address it was tried, if it is anybody's; what was typed is not kept."""
    tried = User.objects.with_address(str(credentials.get("email") or "")).first()
    record("sign_in.failed", tried or "")


def write_confirmation(email_address: Any, **signal: Any) -> None:
    record("address.confirmed", email_address.user)


auth.user_login_failed.connect(write_failure)
account.email_confirmed.connect(write_confirmation)
