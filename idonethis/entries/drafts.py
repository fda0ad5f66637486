"""Plain values on their way to becoming entries. No row, no clock, no network."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime


@dataclass(frozen=True)
class Actor:
    """Who did it, in the words of the application that says so. ``uid`` is the stable id there;
    names are for people to read and decide nothing. ``vouched``: the application itself knows the
    mail address to be theirs. One that anybody could have written there, such as that of a commit's
    author, is not, and is no more than a hint."""

    uid: str = ""
    login: str = ""
    name: str = ""
    email: str = ""
    bot: bool = False
    vouched: bool = False

    @property
    def called(self) -> str:
        """What people would call them there; nothing, where nobody is named."""
        return self.login or self.name or self.email


NOBODY = Actor()


@dataclass(frozen=True)
class Detail:
    """One of the things that an entry sums up, such as a commit. ``key`` is unique in the team;
    two details with the same ``alike`` are the same work under another key (a rebased commit).
    ``bot``: no person did it, whoever brought it in."""

    key: str
    text: str = ""
    url: str = ""
    alike: str = ""
    bot: bool = False


@dataclass(frozen=True, kw_only=True)
class Draft:
    """An entry-to-be. ``key`` names the event itself, not its delivery: the same key again means
    the same entry. ``occurred_at`` is when the work was done, ``day`` on which day where no more
    is known, ``as_of`` when these words were true (the later words win). ``stands_for``: keys of
    details that this entry absorbs. ``imported`` names the import that brings it from the past; of
    the past, nobody is told.

    ``place`` (such as a branch) and ``labels`` are for rules to look at, and show nowhere.
    ``aside``: in a place that counts only for who asks for it. ``labels`` None: has none ever."""

    body: str
    kind: str = "done"
    key: str = ""
    url: str = ""
    occurred_at: datetime | None = None
    day: date | None = None
    as_of: datetime | None = None
    actor: Actor = NOBODY
    details: tuple[Detail, ...] = ()
    stands_for: tuple[str, ...] = ()
    imported: str = ""
    place: str = ""
    aside: bool = False
    labels: tuple[str, ...] | None = None

    def day_for(self, day: date) -> date:
        """The day of the entry, where its person was at ``day`` when it happened."""
        return min(self.day or day, day)


@dataclass(frozen=True, kw_only=True)
class Unproven(Draft):
    """Somebody says that they are this person, and nobody vouches for it: it is suggested to the
    person whom they name, whatever the link does otherwise."""


@dataclass(frozen=True, kw_only=True)
class Growing(Draft):
    """Joins its details into one entry per person and day. ``{count}`` in the body becomes their
    number and ``{s}`` the plural. ``batch`` is the key under which an entry that stands for it
    absorbs these details together."""

    batch: str = ""

    def key_on(self, day: date, *, who: str) -> str:
        """Names the one entry of a person, by their hash id, and a day."""
        return f"{self.key}:{who}:{day}"


@dataclass(frozen=True, kw_only=True)
class Rewritten(Growing):
    """History written anew: details that are alike to known ones add nothing."""


@dataclass(frozen=True, kw_only=True)
class Retitle:
    """New words for an entry that may or may not exist. Never makes one."""

    key: str
    body: str
    as_of: datetime | None = None
    actor: Actor = NOBODY


@dataclass(frozen=True, kw_only=True)
class Retract:
    """It did not happen after all. With an actor, only their own entry goes. With ``as_of``, an
    event from before it does not bring the entry back, even if it arrives later."""

    key: str
    as_of: datetime | None = None
    actor: Actor = NOBODY


@dataclass(frozen=True)
class Origin:
    """Where an entry came from: ``created_by`` is ``app``, ``api`` or an integration's type;
    ``link`` the public name of the link, to which the entry is never sent back."""

    created_by: str = "app"
    link: str = ""
    label: str = field(default="", compare=False)


TYPED = Origin()
