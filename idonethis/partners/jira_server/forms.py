from __future__ import annotations

from typing import ClassVar

from django import forms

from idonethis.integrations.base import LinkForm
from idonethis.integrations.kits.servers import ServerForm


class JiraServerCredentials(ServerForm):
    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.fields["site"].label = "Address of your Jira"
        self.fields["site"].help_text = "Such as https://jira.example.org."
        self.fields["token"].label = "Personal access token"
        self.fields["token"].help_text = "Of a Jira administrator. Tried at once, kept encrypted."


class JiraServerForm(LinkForm):
    picks: ClassVar[tuple[str, ...]] = ("project",)

    #: Its address, and after a bar its name.
    project = forms.CharField(
        max_length=600,
        required=False,
        initial="",
        help_text="Those that you may browse.",
    )

    def without_account(self) -> None:
        """Whoever makes the webhook says there which projects it is about."""
        super().without_account()
        del self.fields["project"]
