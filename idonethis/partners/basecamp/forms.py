from __future__ import annotations

from typing import ClassVar

from django import forms

from idonethis.integrations.base import LinkForm


class BasecampForm(LinkForm):
    picks: ClassVar[tuple[str, ...]] = ("project",)

    #: ``account/project``, by their ids, and after a bar the project's name.
    project = forms.CharField(
        max_length=300,
        required=False,
        initial="",
        help_text="Its to-dos and cards are logged once they are completed.",
    )

    def without_account(self) -> None:
        """Whoever makes the webhook says there which project it is."""
        super().without_account()
        del self.fields["project"]
