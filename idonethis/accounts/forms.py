from __future__ import annotations

from typing import Any, ClassVar

from django import forms
from django.contrib.auth import password_validation

from idonethis.accounts.models import User, validate_time_zone


class AccountForm(forms.Form):
    """What a new person says of themselves."""

    name = forms.CharField(max_length=120, widget=forms.TextInput(attrs={"autocomplete": "name"}))
    email = forms.EmailField(
        label="Mail address", widget=forms.EmailInput(attrs={"autocomplete": "username"})
    )
    password = forms.CharField(
        min_length=8,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text="At least eight characters.",
    )
    time_zone = forms.CharField(
        initial="UTC",
        validators=[validate_time_zone],
        widget=forms.TextInput(attrs={"data-time-zone": "", "list": "time-zones"}),
        help_text="Decides which day an entry belongs to. Such as Europe/London.",
    )

    def clean_email(self) -> str:
        email: str = self.cleaned_data["email"].lower()
        if User.objects.filter(email=email).exists():
            raise forms.ValidationError("Somebody with this address has an account. Sign in first.")
        return email

    def clean_password(self) -> str:
        password: str = self.cleaned_data["password"]
        password_validation.validate_password(password)
        return password

    def create(self, **fields: Any) -> User:
        said = self.cleaned_data
        return User.objects.create_user(
            said["email"],
            said["password"],
            name=said["name"],
            time_zone=said["time_zone"],
            **fields,
        )


class SetupForm(AccountForm):
    team = forms.CharField(max_length=80, label="Name of your team")
    field_order = ["name", "email", "password", "team", "time_zone"]


class MeForm(forms.ModelForm):  # type: ignore[type-arg]
    class Meta:
        model = User
        fields: ClassVar[list[str]] = [
            "name",
            "nickname",
            "time_zone",
            "day_ends_at",
            "theme",
            "hotkeys",
        ]
