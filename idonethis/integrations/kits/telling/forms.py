from __future__ import annotations

from django import forms
from django.core.exceptions import ValidationError

from idonethis.integrations.base import (
    STANDARD_WEBHOOKS,
    AddressForm,
    News,
    PostsForm,
    Secret,
)
from idonethis.integrations.kits.telling.said import WORDS

SHAPES = {
    "standard": "Standard Webhooks: type, timestamp and data",
    "v2": "A list of one entry, as I Done This has always sent it",
}


def new_secret() -> str:
    return STANDARD_WEBHOOKS.new_secret()


class HearsForm(AddressForm):
    secret = forms.CharField(
        label="Signing secret",
        max_length=200,
        initial=new_secret,
        help_text="What goes there is signed with it. Copy it, if who is there looks at signatures "
        "as Standard Webhooks says; it is shown this once.",
    )

    def clean_secret(self) -> str:
        given: str = self.cleaned_data["secret"]
        if not given.startswith("whsec_") or not STANDARD_WEBHOOKS.fits(Secret(given)):
            raise ValidationError("It must be whsec_ and base64, as Standard Webhooks says.")
        return given


class TellingForm(PostsForm):
    tells = forms.MultipleChoiceField(
        label="Of what it tells",
        choices=[(news.value, f"{word.capitalize()} entries") for news, word in WORDS.items()],
        initial=[news.value for news in News],
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    shape = forms.ChoiceField(
        label="In which shape", choices=list(SHAPES.items()), initial="standard"
    )
    posting = ("kinds", "tells")

    def without_account(self) -> None:
        super().without_account()
        self.fields["shape"].widget = forms.HiddenInput()
