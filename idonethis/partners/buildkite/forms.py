from __future__ import annotations

from typing import ClassVar

from django import forms

from idonethis.integrations.base import CredentialsForm, LinkForm
from idonethis.partners.buildkite.reading import DEPLOYS


class BuildkiteCredentials(CredentialsForm):
    token = forms.CharField(
        label="API access token",
        max_length=500,
        initial="",
        help_text="With the scopes read_user, read_organizations, read_notification_services and "
        "write_notification_services. Tried at once, kept encrypted.",
    )


class BuildkiteForm(LinkForm):
    picks: ClassVar[tuple[str, ...]] = ("organization",)

    #: Its slug, and after a bar its name.
    organization = forms.CharField(
        max_length=300,
        required=False,
        initial="",
        help_text="Listed are those which the token may see.",
    )
    deploys = forms.CharField(
        label="Names of the pipelines that deploy",
        initial=DEPLOYS,
        required=False,
        max_length=400,
        help_text=f"With commas between them; * stands for anything. Left empty: {DEPLOYS}.",
    )
    failures = forms.BooleanField(
        label="Log builds that fail on the default branch or for a tag, as blockers",
        required=False,
        initial=False,
    )

    def without_account(self) -> None:
        """Whoever makes the webhook does so in their organization."""
        super().without_account()
        del self.fields["organization"]
