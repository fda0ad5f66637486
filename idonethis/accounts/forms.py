"""What people say of themselves."""

from __future__ import annotations

from typing import Any, ClassVar
from zoneinfo import available_timezones

from django import forms
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError

from idonethis.accounts.models import User
from idonethis.accounts.tokens import Scope
from idonethis.forms import LineField


def time_zones() -> list[tuple[str, str]]:
    return [(name, name.replace("_", " ")) for name in sorted(available_timezones())]


class TimeZoneField(forms.ChoiceField):
    def __init__(self, **rest: Any) -> None:
        words = {"help_text": "It decides which day your work belongs to.", "initial": "UTC"}
        super().__init__(choices=time_zones, **{**words, **rest})


class AccountForm(forms.Form):
    """What a new person says of themselves. The browser guesses the time zone."""

    name = LineField(
        label="Your name",
        max_length=120,
        widget=forms.TextInput(attrs={"autocomplete": "name", "autofocus": True}),
    )
    email = forms.EmailField(
        label="Mail address", widget=forms.EmailInput(attrs={"autocomplete": "username"})
    )
    password = forms.CharField(
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text="At least eight characters.",
    )
    time_zone = TimeZoneField(label="Time zone")

    def __init__(self, *args: Any, **rest: Any) -> None:
        super().__init__(*args, **rest)
        if not self.is_bound:
            self.fields["time_zone"].widget.attrs["data-time-zone"] = ""

    def clean_email(self) -> str:
        email: str = self.cleaned_data["email"].lower()
        if User.objects.with_address(email).exists():
            raise ValidationError("Somebody here has this address already. If it is you, sign in.")
        return email

    def clean(self) -> dict[str, Any]:
        said: dict[str, Any] = super().clean() or {}
        if {"name", "email", "password"} <= said.keys():
            person = User(name=said["name"], email=said["email"])
            try:
                validate_password(said["password"], person)
            except ValidationError as problem:
                self.add_error("password", problem)
        return said

    def create(self, *, verified: bool, **rights: Any) -> User:
        said = {key: self.cleaned_data[key] for key in ("email", "password", "name", "time_zone")}
        return User.objects.enrol(**said, verified=verified, **rights)


class SetupForm(AccountForm):
    team = LineField(max_length=80, label="Name of your team")
    field_order = ("name", "email", "password", "team", "time_zone")


def hours() -> list[tuple[int, str]]:
    return [(0, "midnight"), *((hour, f"{hour}:00") for hour in range(1, 13))]


class ThemeField(forms.ChoiceField):
    """One of the choices is an empty word, which is as good as the others."""

    def validate(self, value: str) -> None:
        if not self.valid_value(value):
            raise ValidationError("That is not one of the choices.")


class MeForm(forms.ModelForm):  # type: ignore[type-arg]
    time_zone = TimeZoneField(label="Time zone")
    day_ends_at = forms.TypedChoiceField(
        coerce=int,
        choices=hours,
        label="My day ends at",
        help_text="What you log before this hour counts for the day before.",
    )

    theme = ThemeField(choices=User.Theme.choices, widget=forms.RadioSelect, label="Colours")

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
        field_classes: ClassVar[dict[str, type[forms.Field]]] = {"name": LineField}
        labels: ClassVar[dict[str, str]] = {"name": "Your name"}
        help_texts: ClassVar[dict[str, str]] = {
            "hotkeys": "Such as n for a new entry; ? shows them all."
        }
        widgets: ClassVar[dict[str, Any]] = {
            "name": forms.TextInput(attrs={"autocomplete": "name"}),
            "nickname": forms.TextInput(attrs={"autocapitalize": "none", "spellcheck": "false"}),
        }

    def clean_nickname(self) -> str:
        nickname: str = self.cleaned_data["nickname"]
        if User.objects.named(nickname).exclude(pk=self.instance.pk).exists():
            raise ValidationError(f"Somebody here goes by @{nickname} already. Take another one.")
        return nickname


class TokenForm(forms.Form):
    """What a token is for. Nothing is ticked: whoever makes one says what it needs."""

    name = LineField(
        max_length=60,
        label="What it is for",
        help_text="Such as “My scripts”, so that you know it again.",
    )
    scopes = forms.MultipleChoiceField(
        choices=Scope.choices, widget=forms.CheckboxSelectMultiple, label="What it may do"
    )
