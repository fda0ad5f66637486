from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.urls import reverse

from idonethis.accounts.models import User
from idonethis.forms import Option, Picker
from idonethis.integrations.base import Choice, Integration, LinkForm, Needed
from idonethis.integrations.http import Failed
from idonethis.integrations.models import IntegrationUser
from idonethis.teams.models import Membership, Team


class TeamForm(forms.Form):
    """To which team a link belongs: one of those in which the person writes."""

    team = forms.ModelChoiceField(Team.objects.none(), to_field_name="slug", empty_label=None)

    def __init__(self, user: User, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        writing = Membership.objects.filter(user=user).exclude(role=Membership.Role.OBSERVER)
        teams = Team.objects.for_user(user).filter(memberships__in=writing).distinct()
        self.fields["team"].queryset = teams  # type: ignore[attr-defined]


def link_form(
    integration: Integration, integration_user: IntegrationUser | None, **kwargs: Any
) -> LinkForm:
    """The integration's own form, its pickers filled with what the partner has. Where the partner
    does not answer, a picker stays what it is: a field to type in."""
    form = integration.link_form(**kwargs)
    for name in form.picks:
        if integration_user:
            _make_picker(form, name, integration=integration, integration_user=integration_user)
    return form


def _make_picker(
    form: LinkForm, name: str, *, integration: Integration, integration_user: IntegrationUser
) -> None:
    field = form.fields[name]
    try:
        found = integration.choices(name, "", integration_user.client())
    except Failed as problem:
        field.help_text = f"{problem} Type it instead, or try again later."
        return
    path = reverse("choices", args=[integration.integration_type])
    search = f"{path}?field={name}&account={integration_user.hash_id}"
    chosen = str(form[name].value() or "")
    field.widget = Picker(search_url=search, choices=options(found, chosen))


def options(found: Sequence[Choice], chosen: str = "") -> list[tuple[str, Option]]:
    listed = [(c.value, Option(c.label, c.hint, c.barred)) for c in found[:30]]
    if chosen and chosen not in dict(listed):
        listed.insert(0, (chosen, Option(chosen)))
    return listed


class PartnerAppForm(forms.Form):
    """What the administrator got from the partner. An empty field leaves what is there."""

    def __init__(self, needed: Sequence[Needed], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for each in needed:
            self.fields[each.name] = forms.CharField(
                label=each.label,
                required=False,
                max_length=500,
                help_text=each.help,
                widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
            )
