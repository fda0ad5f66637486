from __future__ import annotations

from typing import ClassVar

from django import forms

from idonethis.integrations.base import LinkForm


class LinearForm(LinkForm):
    picks: ClassVar[tuple[str, ...]] = ("linear_team",)

    #: The team's id, and after a bar its name.
    linear_team = forms.CharField(
        label="Linear team",
        max_length=300,
        required=False,
        initial="",
        help_text="Initiatives belong to no team: they come with all public teams.",
    )

    def without_account(self) -> None:
        """Whoever makes the webhook says there which team it is."""
        super().without_account()
        del self.fields["linear_team"]
