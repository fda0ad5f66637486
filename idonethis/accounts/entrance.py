"""The forms of signing in, as allauth has them, in our words: a label says what a field is, so no
placeholder repeats it, and a password that can be shown is typed once.

https://docs.allauth.org/en/latest/account/forms.html
"""

from __future__ import annotations

from typing import Any, ClassVar

from allauth.account import forms as account
from allauth.mfa.base import forms as mfa
from allauth.mfa.totp import forms as totp
from django.core.exceptions import ValidationError

from idonethis.accounts.models import User

EIGHT = "At least eight characters."


class Plain:
    """Sets the labels and help of a form, and leaves out the fields that ``without`` names."""

    labels: ClassVar[dict[str, str]] = {}
    helps: ClassVar[dict[str, str]] = {}
    without: ClassVar[tuple[str, ...]] = ("password2",)
    fields: dict[str, Any]

    def __init__(self, *args: Any, **rest: Any) -> None:
        super().__init__(*args, **rest)
        for name in self.without:
            self.fields.pop(name, None)
        for name, field in self.fields.items():
            field.widget.attrs.pop("placeholder", None)
            field.label = self.labels.get(name, field.label)
            field.help_text = self.helps.get(name, "")


class Focused(Plain):
    """For a page that has nothing else to do: one types at once."""

    def __init__(self, *args: Any, **rest: Any) -> None:
        super().__init__(*args, **rest)
        next(iter(self.fields.values())).widget.attrs["autofocus"] = True


class LoginForm(Focused, account.LoginForm):  # type: ignore[misc]
    labels: ClassVar[dict[str, str]] = {"login": "Mail address"}


class AddEmailForm(Plain, account.AddEmailForm):  # type: ignore[misc]
    labels: ClassVar[dict[str, str]] = {"email": "Another mail address"}

    def clean_email(self) -> str:
        """Nobody may add what another person signs in with: it could become their own login."""
        email: str = super().clean_email()
        if User.objects.with_address(email).exists():
            raise ValidationError("Somebody else here has this address. Nothing was added.")
        return email


class ChangePasswordForm(Plain, account.ChangePasswordForm):  # type: ignore[misc]
    labels: ClassVar[dict[str, str]] = {
        "oldpassword": "The password you have now",
        "password1": "New password",
    }
    helps: ClassVar[dict[str, str]] = {"password1": EIGHT}


class ResetPasswordForm(Focused, account.ResetPasswordForm):  # type: ignore[misc]
    labels: ClassVar[dict[str, str]] = {"email": "Mail address"}


class ResetPasswordKeyForm(Focused, account.ResetPasswordKeyForm):  # type: ignore[misc]
    labels: ClassVar[dict[str, str]] = {"password1": "New password"}
    helps: ClassVar[dict[str, str]] = {"password1": EIGHT}


class ReauthenticateForm(Focused, account.ReauthenticateForm):  # type: ignore[misc]
    pass


class AuthenticateForm(Focused, mfa.AuthenticateForm):  # type: ignore[misc]
    labels: ClassVar[dict[str, str]] = {"code": "Code of your app, or a recovery code"}


class ReauthenticateByCodeForm(Focused, mfa.ReauthenticateForm):  # type: ignore[misc]
    labels: ClassVar[dict[str, str]] = {"code": "Code of your app, or a recovery code"}


class ActivateTOTPForm(Plain, totp.ActivateTOTPForm):  # type: ignore[misc]
    labels: ClassVar[dict[str, str]] = {"code": "The code that your app shows"}
