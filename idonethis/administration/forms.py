from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from idonethis.accounts.models import User


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
