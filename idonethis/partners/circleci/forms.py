from __future__ import annotations

from typing import ClassVar

from django import forms

from idonethis.integrations.base import CredentialsForm, LinkForm
from idonethis.partners.circleci.reading import DEPLOYS


class CircleCICredentials(CredentialsForm):
    token = forms.CharField(
        label="Personal API token",
        max_length=500,
        initial="",
        help_text="From User Settings → Personal API Tokens. Tried at once, kept encrypted.",
    )


class CircleCIForm(LinkForm):
    picks: ClassVar[tuple[str, ...]] = ("project",)

    #: Its slug, and after a bar its name.
    project = forms.CharField(
        max_length=300,
        required=False,
        initial="",
        help_text="Listed are those that were built last. Any other is found by its slug, such as "
        "gh/analytical/engine, as it stands in the address of its page.",
    )
    deploys = forms.CharField(
        label="Names of the workflows and jobs that deploy",
        initial=DEPLOYS,
        required=False,
        max_length=400,
        help_text=f"With commas between them; * stands for anything. Left empty: {DEPLOYS}.",
    )
    failures = forms.BooleanField(
        label="Log workflows that fail on main, on master or for a tag, as blockers",
        required=False,
        initial=False,
    )

    def without_account(self) -> None:
        """Whoever makes the webhook says there which project it is."""
        super().without_account()
        del self.fields["project"]
