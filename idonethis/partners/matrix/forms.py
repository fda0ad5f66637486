from __future__ import annotations

from typing import ClassVar

from django import forms

from idonethis.integrations.base import CredentialsForm, PostsForm


class MatrixCredentials(CredentialsForm):
    homeserver = forms.URLField(
        label="Address of the homeserver", max_length=300, assume_scheme="https", initial=""
    )
    token = forms.CharField(
        label="Access token",
        max_length=500,
        initial="",
        help_text="Of the account that is to post: in Element under Settings → Help & About → "
        "Advanced. Better of an account made for this.",
    )


class MatrixForm(PostsForm):
    picks: ClassVar[tuple[str, ...]] = ("room",)

    #: The room's id, and after a bar its name.
    room = forms.CharField(max_length=400, required=False, initial="")
    hears = forms.BooleanField(
        label="Log what people say there",
        required=False,
        initial=True,
        help_text="With “done”, “goal” or “blocked”. An encrypted room cannot be read.",
    )

    def without_account(self) -> None:
        """Then nobody can be asked what is said."""
        super().without_account()
        del self.fields["hears"]
