from __future__ import annotations

from typing import ClassVar

from django import forms

from idonethis.integrations.kits.boards import BoardForm


class TrelloForm(BoardForm):
    picks: ClassVar[tuple[str, ...]] = ("board",)
    field_order = ("board", "lists")

    #: The board's id, and after a bar its name.
    board = forms.CharField(max_length=300, required=False, initial="")

    def without_account(self) -> None:
        """Whoever makes the webhook says there which board it is."""
        super().without_account()
        del self.fields["board"]
