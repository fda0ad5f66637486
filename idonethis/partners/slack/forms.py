from __future__ import annotations

from typing import ClassVar

from django import forms

from idonethis.integrations.base import LinkForm

KINDS = {"done": "Dones", "goal": "Goals", "blocked": "Blockers"}


class SlackForm(LinkForm):
    picks: ClassVar[tuple[str, ...]] = ("channel",)

    channel = forms.CharField(
        required=False,
        max_length=200,
        help_text="Where entries are posted. A private channel is listed once you type "
        "/invite @I Done This in it. Left empty, only /done and its sisters work.",
    )
    kinds = forms.MultipleChoiceField(
        label="What is posted",
        choices=list(KINDS.items()),
        initial=list(KINDS),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
