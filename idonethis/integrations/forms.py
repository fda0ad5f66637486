from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.db.models import QuerySet

from idonethis.accounts.models import User
from idonethis.integrations.base import Needed
from idonethis.integrations.models import PartnerApp, setting
from idonethis.teams.models import Membership, Team


def writable_teams(user: User) -> QuerySet[Team]:
    writing = Membership.objects.filter(user=user).exclude(role=Membership.Role.OBSERVER)
    return Team.objects.for_user(user).filter(memberships__in=writing).distinct()


class TeamForm(forms.Form):
    """To which team a link belongs: one of those in which the person writes."""

    team = forms.ModelChoiceField(Team.objects.none(), to_field_name="slug", empty_label=None)

    def __init__(self, user: User, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.teams = writable_teams(user)
        self.fields["team"].queryset = self.teams  # type: ignore[attr-defined]

    @property
    def chosen(self) -> Team | None:
        """The team that the select shows: the first where none was chosen."""
        return self.teams.filter(slug=self["team"].value()).first() or self.teams.first()


class PartnerAppForm(forms.Form):
    """What the administrator got from the partner. What is set is never shown again: an empty field
    leaves it as it is. What comes from outside cannot be changed here."""

    def __init__(self, integration_type: str, needed: Sequence[Needed], *args: Any) -> None:
        super().__init__(*args)
        for each in needed:
            self.fields[each.name] = forms.CharField(
                label=each.label,
                required=False,
                max_length=500,
                **_shown(integration_type, each),
            )


def _shown(integration_type: str, needed: Needed) -> Mapping[str, Any]:
    attrs = {"autocomplete": "off", "spellcheck": "false", "autocapitalize": "off"}
    if PartnerApp.given(integration_type, needed.name):
        name = setting(integration_type, needed.name)
        widget = forms.TextInput({**attrs, "placeholder": "••••••••"})
        return {
            "disabled": True,
            "widget": widget,
            "help_text": f"Set from outside as {name}; change it there.",
        }
    if PartnerApp.credential(integration_type, needed.name):
        attrs["placeholder"] = "•••••••• (set; type here to replace it)"
    return {"widget": forms.TextInput(attrs), "help_text": needed.help}
