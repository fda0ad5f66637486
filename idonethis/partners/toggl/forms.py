from __future__ import annotations

from typing import ClassVar

from django import forms

from idonethis.integrations.base import CredentialsForm, LinkForm


class TogglCredentials(CredentialsForm):
    token = forms.CharField(
        label="API token",
        max_length=200,
        initial="",
        help_text="At Toggl Track, at the end of your profile. Tried at once, kept encrypted.",
    )


class TogglForm(LinkForm):
    picks: ClassVar[tuple[str, ...]] = ("workspace",)

    #: The workspace's id, and after a bar its name.
    workspace = forms.CharField(max_length=300, required=False, initial="")
    time = forms.BooleanField(
        label="Log tracked time, too, each stretch as an entry",
        required=False,
        initial=False,
        help_text="Everybody in the team sees what a person has tracked, and for how long.",
    )

    def without_account(self) -> None:
        """Whoever makes the webhook says there which workspace it is."""
        super().without_account()
        del self.fields["workspace"]
