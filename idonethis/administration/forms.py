from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from idonethis.accounts.models import User
from idonethis.accounts.oauth.app import BadAddress, check_address
from idonethis.accounts.tokens import Scope
from idonethis.forms import LineField


class PersonDeletionForm(forms.Form):
    """Their mail address, typed: what is deleted cannot be brought back."""

    typed = forms.CharField(widget=forms.TextInput(attrs={"autocomplete": "off"}))

    def __init__(self, *args: Any, person: User, **rest: Any) -> None:
        super().__init__(*args, **rest)
        self.person = person
        self.fields["typed"].label = f"Type “{person.email}” to delete the account"

    def clean_typed(self) -> str:
        typed: str = self.cleaned_data["typed"]
        if typed.strip().lower() != self.person.email:
            raise ValidationError("That is not their mail address. Nothing was deleted.")
        return typed


class AppForm(forms.Form):
    """What an application is registered with. Nothing is ticked: whoever registers one says what it
    needs."""

    name = LineField(max_length=60, help_text="People read it when they are asked.")
    redirect_uris = forms.CharField(
        label="Where it is answered",
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3, "spellcheck": "false"}),
        help_text="One address a line, such as https://mill.example.org/back.",
    )
    scopes = forms.MultipleChoiceField(
        choices=Scope.choices,
        widget=forms.CheckboxSelectMultiple,
        label="What it may ask for at most",
    )
    secret = forms.BooleanField(label="It runs on a server, and can keep a secret", required=False)
    devices = forms.BooleanField(label="People may type a code that it shows", required=False)

    def clean_redirect_uris(self) -> list[str]:
        addresses = self.cleaned_data["redirect_uris"].split()
        try:
            for address in addresses:
                check_address(address)
        except BadAddress as problem:
            raise ValidationError(str(problem)) from problem
        return list(addresses)

    def clean_scopes(self) -> list[str]:
        return sorted(self.cleaned_data["scopes"])

    def clean(self) -> dict[str, Any]:
        said: dict[str, Any] = super().clean() or {}
        if not said.get("redirect_uris", True) and not said.get("devices"):
            raise ValidationError("Say where it is answered, or let people type a code.")
        return said
