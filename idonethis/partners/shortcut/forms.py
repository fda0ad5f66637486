from __future__ import annotations

from typing import ClassVar

from django import forms

from idonethis.integrations.base import CredentialsForm, LinkForm


class ShortcutCredentials(CredentialsForm):
    token = forms.CharField(
        label="API token",
        max_length=500,
        initial="",
        help_text="From Settings → API tokens. Tried at once, kept encrypted.",
    )


class ShortcutForm(LinkForm):
    picks: ClassVar[tuple[str, ...]] = ("workspace",)

    #: Its name in addresses.
    workspace = forms.CharField(
        max_length=200, required=False, initial="", help_text="That of your token."
    )

    def without_account(self) -> None:
        """Whoever makes the webhook does so in their workspace."""
        super().without_account()
        del self.fields["workspace"]
