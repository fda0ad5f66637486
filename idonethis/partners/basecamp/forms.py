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

    questions = forms.CharField(
        label="Answers to these check-ins, too",
        max_length=1000,
        required=False,
        initial="",
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="Questions as they stand at Basecamp, such as “What did you work on today?”, one "
        "a line. Only webhooks that are made by hand tell of answers.",
    )

    def without_account(self) -> None:
        """Whoever makes the webhook says there which project it is."""
        super().without_account()
        del self.fields["project"]
