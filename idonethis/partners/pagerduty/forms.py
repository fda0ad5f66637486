from __future__ import annotations

from typing import ClassVar

from django import forms

from idonethis.integrations.base import CredentialsForm, LinkForm

#: By the name of the address at which the API lies:
#: https://support.pagerduty.com/main/docs/service-regions
REGIONS = {"api": "United States", "eu": "Europe: your address has eu in it"}


class PagerDutyCredentials(CredentialsForm):
    token = forms.CharField(
        label="API key",
        max_length=500,
        initial="",
        help_text="One of your own or one of the account, not a read-only one. Tried at once, kept "
        "encrypted.",
    )
    region = forms.ChoiceField(label="Region", choices=list(REGIONS.items()), initial="api")


class PagerDutyForm(LinkForm):
    picks: ClassVar[tuple[str, ...]] = ("service",)
    field_order = ("service", "blockers")

    #: The account's host, a slash, the service's id, and after a bar its name.
    service = forms.CharField(
        max_length=600,
        required=False,
        initial="",
        help_text="Or all of them, with those that are added later.",
    )
    blockers = forms.BooleanField(
        label="Log triggered incidents as blockers",
        required=False,
        initial=False,
        help_text="Of whom the incident is assigned to, else of who makes this link.",
    )

    def without_account(self) -> None:
        """Whoever makes the webhook says there what it is about."""
        super().without_account()
        del self.fields["service"]
