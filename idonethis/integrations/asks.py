"""What an integration says about the rules of its links: which questions make sense for it, and
what things are called at its partner."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, TypeVar

Setting = TypeVar("Setting", bound=StrEnum)


@dataclass(frozen=True)
class Topic:
    """One kind of event that a link may leave out: as the form asks for it, and as a part of a
    sentence, such as “merged pull requests”."""

    asked: str
    said: str


@dataclass(frozen=True)
class Place:
    """What the ``place`` of a draft is called at the partner: ``branch``, ``branches``. ``usual``
    says which of them count where nobody has named any; ``help`` says it in full."""

    one: str
    more: str
    usual: str
    help: str = ""


@dataclass(frozen=True)
class Asks:
    """Which questions the form of a link asks. People and suggestions make sense for all partners
    but those at which people speak for themselves; the others, where drafts answer them."""

    people: bool = True
    suggestions: bool = True
    #: By the partner's word, as ``Receives.topic`` tells it.
    topics: Mapping[str, Topic] = field(default_factory=dict)
    bots: bool = False
    place: Place | None = None
    labels: bool = False
    #: What is public or private at the partner, in the plural, such as “repositories”.
    private: str = ""

    def said(self, config: Mapping[str, Any]) -> list[str]:
        """The topics that a link with this config wants, in words."""
        chosen = config.get("events", self.topics)
        return [topic.said for name, topic in self.topics.items() if name in chosen]


#: For partners that tell of nothing that could be left out.
NOTHING = Asks(people=False, suggestions=False)


class Who(StrEnum):
    """Whose work a link wants."""

    EVERYBODY = "everybody"
    ONLY = "only"
    EXCEPT = "except"

    @classmethod
    def of(cls, config: Mapping[str, Any]) -> Who:
        return _chosen(cls, config.get("who"))


class Shows(StrEnum):
    """How much a link shows of what is private at the partner: ``link.config["private"]``."""

    TITLE = "title"
    COUNT = "count"
    FULL = "full"

    @classmethod
    def of(cls, config: Mapping[str, Any]) -> Shows:
        return _chosen(cls, config.get("private"))

    @property
    def hides_names(self) -> bool:
        """Not even the name of what it belongs to may show."""
        return self is Shows.COUNT

    @property
    def hides_details(self) -> bool:
        return self is not Shows.FULL


def _chosen(kind: type[Setting], word: object) -> Setting:
    """The first of its kind, where nobody has chosen, or the word means nothing."""
    first, *others = kind
    return next((each for each in others if each == word), first)
