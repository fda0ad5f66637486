"""The form of a link: the integration's own fields, with what the partner has to choose from."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django import forms
from django.http import QueryDict
from django.urls import reverse
from django.utils.http import urlencode

from idonethis.forms import Option, Picker
from idonethis.integrations.asking import ask
from idonethis.integrations.base import Choice, Integration, LinkForm
from idonethis.integrations.http import Failed
from idonethis.integrations.models import IntegrationUser
from idonethis.integrations.plain_link import PlainLink
from idonethis.integrations.questions import offer_people
from idonethis.teams.models import Team

#: How many choices a picker shows; whoever looks for another one types a few letters.
MOST_CHOICES = 30
#: The longest query that is kept while somebody is at the partner.
LONGEST_QUERY = 500


def link_form(
    integration: Integration,
    account: IntegrationUser | None,
    *,
    query: str = "",
    teams: Iterable[Team] = (),
    **kwargs: Any,
) -> LinkForm:
    """The integration's form, its pickers filled with what the partner has, its rules with the
    people of these teams. Where the partner does not answer, a picker stays what it is: a field to
    type in."""
    form = integration.form(auto_id="id_%s", **kwargs)
    offer_people(form, teams)
    for name in form.picks if account else ():
        _make_picker(form, name, integration, account=account, query=query)  # type: ignore[arg-type]
    return form


def _make_picker(
    form: LinkForm, name: str, integration: Integration, *, account: IntegrationUser, query: str
) -> None:
    field = form.fields[name]
    try:
        found = ask(integration, lambda: integration.choices(name, query, account.client()))
    except Failed as problem:
        field.help_text = f"{problem} Type it in full instead, or reload the page later."
        return
    if found is None:
        return
    path = reverse("choices", args=[integration.integration_type])
    search = f"{path}?{urlencode({'field': name, 'account': account.hash_id})}"
    chosen = str(form[name].value() or "")
    placeholder = f"Search {(field.label or name).lower()}"
    # A widget that is put in later learns by hand what the field's own was told at the start.
    field.widget = Picker(
        search_url=search, placeholder=placeholder, choices=options(found, chosen)
    )


def options(found: Sequence[Choice], chosen: str = "") -> list[tuple[str, Option]]:
    """What a picker shows; what is chosen already stays choosable, whatever was searched for."""
    listed = [(c.value, Option(c.label, c.hint, c.barred)) for c in found[:MOST_CHOICES]]
    if chosen and chosen not in dict(listed):
        labels = {c.value: c.label for c in found}
        listed.insert(0, (chosen, Option(labels.get(chosen, chosen))))
    return listed


def fix_picks(form: LinkForm) -> None:
    """For whom has no right to the account: what was picked with it stays as it is."""
    for name in form.picks:
        form.fields[name].disabled = True
        form.fields[name].widget = forms.HiddenInput()


def kept(posted: QueryDict, integration: Integration) -> str:
    """What was chosen so far, as a query for the page to come back to."""
    names = ("team", "link", *integration.form.base_fields)
    query = urlencode([(name, value) for name in names for value in posted.getlist(name) if value])
    short = urlencode({"team": posted.get("team", "")[:80]})
    return query if len(query) <= LONGEST_QUERY else short


def brought(query: QueryDict, integration: Integration) -> dict[str, Any]:
    """The other way round: initial values for the form."""
    fields = integration.form.base_fields
    if not any(name in query for name in fields):
        return {}
    return {
        name: field.widget.value_from_datadict(query, {}, name) for name, field in fields.items()
    }


def restated(integration: Integration, form: LinkForm, team: Team | None) -> dict[str, Any]:
    """The form in words: ``name`` of the link, its ``summary`` and ``rules``, and the ``team``."""
    config = values_of(form)
    link = PlainLink(
        config=config, subject=integration.subject(config)[:300], team=team or Team(name="")
    )
    rules = integration.rules(link)
    return {
        "name": integration.short_name(link),
        "summary": integration.summary(link),
        "rules": rules.sentence(rules.people_in(team) if team else ()),
        "team": team,
    }


def values_of(form: LinkForm) -> dict[str, Any]:
    """What the form says by now, as far as it can be used."""
    if form.is_bound:
        form.is_valid()
        return dict(form.cleaned_data)
    shown = {name: form[name].value() for name in form.fields}
    return {name: value for name, value in shown.items() if value is not None}
