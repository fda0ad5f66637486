from __future__ import annotations

import re
from typing import ClassVar

from django import forms

from idonethis.integrations.base import CredentialsForm, LinkForm

HOST = ".zendesk.com"
#: https://support.zendesk.com/hc/en-us/articles/4409381383578: letters, digits and hyphens.
SUBDOMAIN = re.compile(r"\A[a-z0-9][a-z0-9-]{0,62}\Z", re.ASCII)


class ZendeskCredentials(CredentialsForm):
    subdomain = forms.CharField(
        label="Address of your Zendesk",
        max_length=200,
        initial="",
        help_text="Such as engines.zendesk.com.",
    )
    email = forms.EmailField(
        label="Your mail address there",
        max_length=254,
        initial="",
        help_text="Of an admin. A token is of the whole account, and this says who uses it.",
    )
    token = forms.CharField(
        label="API token",
        max_length=500,
        initial="",
        help_text="From Admin Center → Apps and integrations → APIs → API tokens. Tried at once, "
        "kept encrypted.",
    )

    def clean_subdomain(self) -> str:
        """Its name alone, however it was typed. Raises ValidationError for another site than
        Zendesk's, which must not be told the token."""
        said = str(self.cleaned_data["subdomain"]).strip().lower()
        name = said.removeprefix("https://").partition("/")[0].removesuffix(HOST)
        if not SUBDOMAIN.match(name):
            raise forms.ValidationError("Type the address that ends with zendesk.com.")
        return name


class ZendeskForm(LinkForm):
    picks: ClassVar[tuple[str, ...]] = ("site",)

    #: The account, by its host.
    site = forms.CharField(
        label="Account",
        max_length=200,
        required=False,
        initial="",
        help_text="That of your token.",
    )

    def without_account(self) -> None:
        """Whoever makes the webhook does so at theirs."""
        super().without_account()
        del self.fields["site"]
