from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.db.models import QuerySet

from idonethis.accounts.models import User
from idonethis.integrations.base import Integration, Needed, Receives, Secret
from idonethis.integrations.models import PartnerApp
from idonethis.integrations.models.backfilling import CHOICES
from idonethis.teams.models import Membership, Team


def writable_teams(user: User) -> QuerySet[Team]:
    writing = Membership.objects.writing().filter(user=user)
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


class PastForm(forms.Form):
    """How much is brought in of what happened before a link was made."""

    days = forms.TypedChoiceField(
        label="How far back",
        coerce=int,
        choices=[(days, f"The last {days} days") for days in CHOICES],
        initial=30,
        widget=forms.RadioSelect,
    )


class PartnerAppForm(forms.Form):
    """What the administrator got from the partner. What is set is never shown again: an empty field
    leaves it as it is. What comes from outside has no field, since it cannot be changed here."""

    def __init__(self, integration_type: str, needed: Sequence[Needed], *args: Any) -> None:
        super().__init__(*args)
        for each in needed:
            if not PartnerApp.given(integration_type, each.name):
                self.fields[each.name] = _field(integration_type, each)


def _field(integration_type: str, needed: Needed) -> forms.CharField:
    is_set = PartnerApp.is_set(integration_type, needed.name)
    attrs = {"autocomplete": "off", "spellcheck": "false", "autocapitalize": "off"}
    if is_set:
        attrs["placeholder"] = "•••••••• (set; type here to replace it)"
    return forms.CharField(
        label=needed.label,
        help_text=needed.help,
        required=not is_set,
        max_length=500,
        widget=forms.TextInput(attrs),
    )


class TheirSecretForm(forms.Form):
    """The secret of a partner that signs with one of its own, as a person has copied it there."""

    secret = forms.CharField(max_length=500)

    def __init__(self, integration: Integration, *args: Any) -> None:
        super().__init__(*args)
        self.integration = integration

    @property
    def problem(self) -> str:
        return " ".join(map(str, self.errors.get("secret", ())))

    def clean_secret(self) -> Secret:
        given, integration = Secret(self.cleaned_data["secret"]), self.integration
        if not isinstance(integration, Receives) or not integration.their_secret:
            raise forms.ValidationError("This link signs with a secret of ours.")
        if not integration.signature.fits(given):
            raise forms.ValidationError(f"This is no secret as {integration.name} makes them.")
        return given
