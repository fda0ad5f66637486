"""Reading GitHub's webhook bodies: https://docs.github.com/en/webhooks/webhook-events-and-payloads

Much in them may be null: a deleted account, the head of a deleted branch, a body without text."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from idonethis.integrations.base import Actor, Shows, json_object, line, record, records
from idonethis.partners.github.people import actor, pusher


@dataclass(frozen=True)
class Payload:
    """One body, and how much the link shows of private repositories."""

    body: Mapping[str, Any]
    shows: Shows = Shows.TITLE

    @classmethod
    def of(cls, body: Any, shows: Shows) -> Payload:
        return cls(json_object(body, "A GitHub event"), shows)

    def __getitem__(self, name: str) -> Mapping[str, Any]:
        return record(self.body.get(name))

    @property
    def action(self) -> str:
        return line(self.body.get("action"))

    @property
    def sender(self) -> Actor:
        """Who GitHub itself says did it: never a name that somebody wrote into a commit."""
        return actor(self["sender"]) if self["sender"] else pusher(self["pusher"])

    @property
    def repository(self) -> str:
        """``owner/name``, for people. Keys use the id: repositories are renamed and moved."""
        return line(self["repository"].get("full_name")) or "a repository"

    @property
    def repository_id(self) -> str:
        return str(self["repository"].get("id") or self.repository)

    @property
    def hides_names(self) -> bool:
        """Not even the name of the repository may show."""
        return self._is_private and self.shows.hides_names

    @property
    def hides_details(self) -> bool:
        return self._is_private and self.shows.hides_details

    @property
    def _is_private(self) -> bool:
        return self["repository"].get("private") is not False

    @property
    def where(self) -> str:
        return "a private repository" if self.hides_names else self.repository

    @property
    def default_branch(self) -> str:
        return line(self["repository"].get("default_branch"))

    def url(self, thing: Mapping[str, Any], name: str = "html_url") -> str:
        return "" if self.hides_names else line(thing.get(name))

    def titled(self, verb: str, noun: str, thing: Mapping[str, Any]) -> str:
        """``Merged “Fix the roof” (#12)``, or as little of it as the link allows."""
        if self.hides_names:
            return f"{verb} {noun} in a private repository"
        number = thing.get("number")
        which = f" (#{number})" if isinstance(number, int) else ""
        return f"{verb} “{line(thing.get('title')) or 'untitled'}”{which}"


def labels(thing: Mapping[str, Any]) -> tuple[str, ...]:
    """The names of the labels of an issue or a pull request."""
    return tuple(line(each.get("name")) for each in records(thing.get("labels")))


def base(pull: Mapping[str, Any]) -> str:
    """The branch into which a pull request goes."""
    return line(record(pull.get("base")).get("ref"))
