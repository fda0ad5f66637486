"""Which of the things that came in are read again."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django import forms

from idonethis.integrations.models.receipts import ReceiptQuerySet
from idonethis.integrations.models.replay_plan import by_outcome
from idonethis.integrations.models.selection import Selection
from idonethis.integrations.reasons import ending
from idonethis.integrations.values import Reason
from idonethis.teams.models import Team

ANY = ("", "All")


class Moment(forms.DateTimeInput):
    input_type = "datetime-local"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%dT%H:%M")


class ReplayForm(forms.Form):
    """Narrows ``whole``, which is all of a link or of a team."""

    outcomes = forms.MultipleChoiceField(
        label="How it ended",
        required=False,
        choices=[(reason.value, reason.value) for reason in Reason],
        help_text="Nothing ticked means all.",
    )
    event = forms.ChoiceField(required=False)
    person = forms.ChoiceField(label="Who did it", required=False)
    since = forms.DateTimeField(label="From", required=False, widget=Moment)
    until = forms.DateTimeField(label="Until", required=False, widget=Moment)
    receipt = forms.IntegerField(required=False, min_value=1, widget=forms.HiddenInput)
    after = forms.IntegerField(required=False, widget=forms.HiddenInput)
    upto = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, whole: Selection, team: Team, data: Any = None) -> None:
        super().__init__(data, auto_id="id_%s")
        self.whole, receipts = whole, whole.receipts()
        counts = by_outcome(receipts)
        ended = [(name, f"{ending(name).word}: {count}") for name, count in counts.items()]
        self.fields["outcomes"].widget = forms.CheckboxSelectMultiple(choices=ended)
        self.fields["event"].choices = [ANY, *events(receipts, self.data.get("event", ""))]  # type: ignore[attr-defined]
        self.fields["person"].choices = [ANY, *people(team)]  # type: ignore[attr-defined]

    @property
    def selection(self) -> Selection:
        """What was asked for. The form must be valid."""
        asked = {name: value for name, value in self.cleaned_data.items() if value}
        asked["outcomes"] = tuple(asked.get("outcomes", ()))
        return replace(self.whole, **asked)


def events(receipts: ReceiptQuerySet, begins: str) -> list[tuple[str, str]]:
    """By their names, and all together whose names begin as somebody has typed."""
    found = receipts.order_by("event").exclude(event="").values_list("event", flat=True)
    names = list(found.distinct())
    some = begins and begins not in names and any(name.startswith(begins) for name in names)
    together = [(begins, f"{begins}…")] if some else []
    return together + [(name, name) for name in names]


def people(team: Team) -> list[tuple[str, str]]:
    """Members, and those whom the team does not know yet."""
    members = [(user.hash_id, str(user)) for user in team.members.order_by("name")]
    strangers = [(each.key, f"{each} (unclaimed)") for each in team.unclaimed.open()]
    return members + strangers
