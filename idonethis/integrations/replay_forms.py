"""Which of the things that came in are read again."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django import forms

from idonethis.integrations.models.replay_plan import by_outcome
from idonethis.integrations.models.selection import Selection
from idonethis.integrations.templatetags.integrations import RESULTS
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
        ended = [(name, f"{called(name)}: {count}") for name, count in counts.items()]
        self.fields["outcomes"].widget = forms.CheckboxSelectMultiple(choices=ended)
        events = receipts.order_by("event").exclude(event="").values_list("event", flat=True)
        self.fields["event"].choices = [ANY, *((name, name) for name in events.distinct())]  # type: ignore[attr-defined]
        self.fields["person"].choices = [ANY, *people(team)]  # type: ignore[attr-defined]

    @property
    def selection(self) -> Selection:
        """What was asked for. The form must be valid."""
        asked = {name: value for name, value in self.cleaned_data.items() if value}
        asked["outcomes"] = tuple(asked.get("outcomes", ()))
        return replace(self.whole, **asked)


def called(outcome: str) -> str:
    word, _ = RESULTS.get(outcome, ("", ""))  # type: ignore[call-overload]
    return word or f"Ignored, {outcome.replace('_', ' ')}"


def people(team: Team) -> list[tuple[str, str]]:
    """Members, and those whom the team does not know yet."""
    members = [(user.hash_id, str(user)) for user in team.members.order_by("name")]
    strangers = [(each.key, f"{each} (unclaimed)") for each in team.unclaimed.open()]
    return members + strangers
