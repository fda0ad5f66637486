from __future__ import annotations

from typing import ClassVar

from django import forms

from idonethis.teams.models import Membership, Team


class NewTeamForm(forms.ModelForm):  # type: ignore[type-arg]
    class Meta:
        model = Team
        fields: ClassVar[list[str]] = ["name"]


class TeamForm(forms.ModelForm):  # type: ignore[type-arg]
    class Meta:
        model = Team
        fields: ClassVar[list[str]] = [
            "name",
            "done_prompt",
            "goal_prompt",
            "blocked_prompt",
            "carries_over",
        ]


class InvitationForm(forms.Form):
    role = forms.ChoiceField(
        choices=Membership.Role.choices, initial=Membership.Role.MEMBER, label="They join as"
    )


class RoleForm(forms.Form):
    role = forms.ChoiceField(choices=Membership.Role.choices)
