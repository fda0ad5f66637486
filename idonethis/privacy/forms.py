from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from idonethis.accounts.models import User


class MyDeletionForm(forms.Form):
    """The password, typed: whoever finds an open browser deletes nobody."""

    password = forms.CharField(
        label="Your password, to delete your account",
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )

    def __init__(self, *args: Any, person: User, **rest: Any) -> None:
        super().__init__(*args, **rest)
        self.person = person

    def clean_password(self) -> str:
        typed: str = self.cleaned_data["password"]
        if not self.person.check_password(typed):
            raise ValidationError("This is not your password. Nothing was deleted.")
        return typed
