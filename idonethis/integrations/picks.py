"""What somebody picks at a partner in a field of a link's form. It is kept as its id there, and
after a bar its name: ``11|done``."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from idonethis.integrations.http import Client, Never
from idonethis.integrations.kinds import Integration
from idonethis.integrations.shapes import line
from idonethis.integrations.terms import Link
from idonethis.integrations.values import Choice


class Picks(Integration):
    """Its links are about what was picked in one field; without it, about nothing."""

    #: The name of the field.
    place: str

    def short_name(self, link: Link) -> str:
        return picked(link.config.get(self.place))[1] or self.name

    def subject(self, config: Mapping[str, Any]) -> str:
        return picked(config.get(self.place))[0]


class PicksOne(Picks):
    """Without anything picked there is no link."""

    #: What is logged of what is picked, and how it is said of that that it is.
    logs: str = "work is"

    def check(self, config: Mapping[str, Any], client: Client) -> None:
        if not self.subject(config):
            raise Never(f"Pick the {self.place} whose {self.logs} to be logged.")


def picked(value: object) -> tuple[str, str]:
    """The id and the name; where nobody said the name, the id for both."""
    number, _, name = str(value or "").partition("|")
    return number, name or number


def choices_of(listed: Iterable[Mapping[str, Any]], query: str) -> list[Choice]:
    """Of what a partner lists by ``id`` and ``name``, that which has the query in its name."""
    named = [(line(each.get("id")), line(each.get("name"))) for each in listed]
    return [Choice(f"{pk}|{name}", name) for pk, name in named if query.lower() in name.lower()]
