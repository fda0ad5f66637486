from __future__ import annotations

from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError

from idonethis.forms import LineField
from idonethis.teams.models import Role, Team


class NewTeamForm(forms.ModelForm):  # type: ignore[type-arg]
    class Meta:
        model = Team
        fields: ClassVar[list[str]] = ["name"]
        field_classes: ClassVar[dict[str, type[forms.Field]]] = {"name": LineField}
        labels: ClassVar[dict[str, str]] = {"name": "Name of the team"}


class TeamForm(forms.ModelForm):  # type: ignore[type-arg]
    class Meta:
        model = Team
        fields: ClassVar[list[str]] = [
            "name",
            "done_prompt",
            "goal_prompt",
            "blocked_prompt",
            "carries_over",
            "when_deleted",
        ]
        field_classes: ClassVar[dict[str, type[forms.Field]]] = {"name": LineField}
        labels: ClassVar[dict[str, str]] = {
            "done_prompt": "How to ask for what is done",
            "goal_prompt": "How to ask for goals",
            "blocked_prompt": "How to ask for blockers",
        }


class DeleteForm(forms.Form):
    """The name of the team, typed: its log cannot be brought back."""

    typed = forms.CharField(widget=forms.TextInput(attrs={"autocomplete": "off"}))

    def __init__(self, *args: Any, team: Team, **rest: Any) -> None:
        super().__init__(*args, **rest)
        self.team = team
        self.fields["typed"].label = f"Type “{team.name}” to delete it"

    def clean_typed(self) -> str:
        typed: str = self.cleaned_data["typed"]
        if typed != self.team.name.strip():
            raise ValidationError("That is not the name of this team. Nothing was deleted.")
        return typed


class RoleForm(forms.Form):
    role = forms.ChoiceField(choices=Role.choices, initial=Role.MEMBER, label="They join as")
