from __future__ import annotations

import re

from django import forms

from idonethis.integrations.base import CredentialsForm, LinkForm

#: https://docs.stripe.com/keys: a secret or a restricted key, and of live mode.
KEY = re.compile(r"\A[rs]k_live_\w{8,}\Z", re.ASCII)


class StripeCredentials(CredentialsForm):
    key = forms.CharField(
        label="API key",
        max_length=500,
        initial="",
        help_text="Best a restricted one, with the permissions that the set-up page names. Tried "
        "at once, kept encrypted.",
    )

    def clean_key(self) -> str:
        """Raises ValidationError for one that would tell nothing: what happens in test mode makes
        no entry."""
        key = str(self.cleaned_data["key"])
        if not KEY.match(key):
            raise forms.ValidationError(
                "Paste a restricted or a secret key of live mode: it begins with rk_live_ or "
                "sk_live_."
            )
        return key


class StripeForm(LinkForm):
    charges = forms.BooleanField(
        label="Log charges, too",
        required=False,
        initial=False,
        help_text="For who sends no invoices: a paid invoice is a charge as well.",
    )
