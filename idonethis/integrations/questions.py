"""The part of a link's form that asks for its rules: one field for each question that makes sense
for the integration, named as ``Rules`` finds it in the config."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from idonethis.integrations.asks import Asks, Place, Shows, Who
from idonethis.integrations.terms import LinkForm
from idonethis.teams.models import Team

#: How many patterns one rule holds, and how long each may be.
MOST_PATTERNS, LONGEST_PATTERN = 50, 200
LONGEST_HASH = 12
STAR = "One a line. * stands for anything."
HOW = {
    "log": "It is logged at once",
    "suggest": "It is suggested to its person, who logs or dismisses it; nobody else sees it",
}
WHOSE = {
    Who.EVERYBODY: "Everybody’s in the team",
    Who.ONLY: "Only that of these people",
    Who.EXCEPT: "Everybody’s but that of these people",
}
PRIVATE = {
    Shows.TITLE: "Titles, but no details",
    Shows.COUNT: "Only that something was done, without any names",
    Shows.FULL: "Everything, as of public ones",
}


class Patterns(forms.CharField):
    """Lines of text, kept as a list."""

    def __init__(self, **rest: Any) -> None:
        widget = forms.Textarea({"rows": 2, "spellcheck": "false", "autocapitalize": "off"})
        super().__init__(required=False, initial="", widget=widget, **rest)

    def prepare_value(self, value: Any) -> Any:
        return "\n".join(value) if isinstance(value, list | tuple) else value

    def clean(self, value: Any) -> list[str]:
        lines = value if isinstance(value, list | tuple) else str(value or "").splitlines()
        found = list(dict.fromkeys(str(line).strip() for line in lines if str(line).strip()))
        if len(found) > MOST_PATTERNS or any(len(each) > LONGEST_PATTERN for each in found):
            raise ValidationError(
                f"At most {MOST_PATTERNS} lines of {LONGEST_PATTERN} characters each."
            )
        return found


class OneOf(forms.ChoiceField):
    """One of these, and the first where nobody says anything: links that older scripts make."""

    def __init__(self, label: str, choices: dict[Any, str]) -> None:
        first = str(next(iter(choices)))
        listed = [(str(name), words) for name, words in choices.items()]
        super().__init__(label=label, choices=listed, initial=first, widget=forms.RadioSelect)

    def clean(self, value: Any) -> Any:
        return super().clean(value or self.initial)


class People(forms.MultipleChoiceField):
    """Members by their hash ids. Who may be picked depends on the team, which the form does not
    know; whoever makes the link looks that they are in it."""

    widget = forms.CheckboxSelectMultiple

    def validate(self, value: Any) -> None:
        if any(len(each) > LONGEST_HASH for each in value):
            raise ValidationError("That is nobody’s name. Pick people from the list.")

    def offer(self, teams: Iterable[Team]) -> None:
        groups = [(str(team), _members(team)) for team in teams]
        self.choices = groups[0][1] if len(groups) == 1 else groups


def _members(team: Team) -> list[tuple[str, str]]:
    writing = team.memberships.writing().select_related("user").order_by("user__name")
    return [(each.user.hash_id, str(each.user)) for each in writing]


class Ruled(LinkForm):
    """The form of a link with its questions about rules."""

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if "people" in self.fields and cleaned.get("who") == Who.EVERYBODY:
            cleaned["people"] = []
        elif "who" in cleaned and not cleaned.get("people"):
            self.add_error("people", "Pick at least one person.")
        return cleaned


def ruled(link_form: type[LinkForm], asks: Asks) -> type[LinkForm]:
    """A form with the integration's own fields, and after them those of its rules."""
    fields = dict(_fields(asks))
    return type(link_form.__name__, (Ruled, link_form), fields) if fields else link_form


def offer_people(form: LinkForm, teams: Iterable[Team]) -> None:
    """Those of these teams can be picked in the form, where it asks for people."""
    field = form.fields.get("people")
    if isinstance(field, People):
        field.offer(teams)


def _fields(asks: Asks) -> Iterator[tuple[str, forms.Field]]:
    if asks.topics:
        choices = [(name, topic.asked) for name, topic in asks.topics.items()]
        yield "events", _several("What becomes an entry", choices)
    if asks.suggestions:
        yield "how", OneOf("What happens with it", HOW)
    if asks.people:
        yield "who", OneOf("Whose work", WHOSE)
        yield "people", People(label="These people", initial=[])
    if asks.bots:
        label = "Log what bots do, too"
        yield "bots", forms.BooleanField(label=label, required=False, initial=False)
    yield from _of_facts(asks)


def _of_facts(asks: Asks) -> Iterator[tuple[str, forms.Field]]:
    if asks.place:
        yield "places", Patterns(label=f"On which {asks.place.more}", help_text=_help(asks.place))
    if asks.labels:
        yield "labels", Patterns(label="Only with one of these labels", help_text=STAR)
        yield "without", Patterns(label="Without any of these labels", help_text=STAR)
    if asks.private:
        yield "private", OneOf(f"What shows of private {asks.private}", PRIVATE)


def _help(place: Place) -> str:
    return f"{STAR} {place.help or f'Left empty: {place.usual}.'}"


def _several(label: str, choices: list[tuple[str, str]]) -> forms.MultipleChoiceField:
    every = [name for name, _ in choices]
    widget = forms.CheckboxSelectMultiple
    return forms.MultipleChoiceField(label=label, choices=choices, initial=every, widget=widget)
