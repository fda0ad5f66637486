"""The lines of an archive, each a JSON object that says what it is. What opens a door has no line
(passwords, tokens, second factors, secrets of links), and no right over a server has one."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta, Struct

from idonethis.entries.models.thing import LONGEST_KEY
from idonethis.entries.text import LONGEST, LONGEST_ADDRESS, LONGEST_TAG, clean

VERSION = 1

Name = Annotated[str, Meta(max_length=200)]
Short = Annotated[str, Meta(max_length=40)]
Mail = Annotated[str, Meta(min_length=1, max_length=254)]
Line = Annotated[str, Meta(max_length=120)]
Url = Annotated[str, Meta(max_length=LONGEST_ADDRESS)]
Instant = Annotated[datetime, Meta(tz=True)]
Kind = Literal["done", "goal", "blocked"]


class Head(Struct, frozen=True, kw_only=True, tag_field="kind", tag="idonethis"):
    """The first line: how to read the others."""

    version: int = VERSION


class Address(Struct, frozen=True, kw_only=True):
    email: Mail
    verified: bool
    primary: bool


class Own(Struct, frozen=True, kw_only=True):
    """What of a person only they and the server know; an archive of one team is without."""

    time_zone: Annotated[str, Meta(max_length=64)] = "UTC"
    day_ends_at: Annotated[int, Meta(ge=0, le=12)] = 0
    theme: Literal["", "light", "dark"] = ""
    hotkeys: bool = True
    is_active: bool = True
    joined_at: Instant
    addresses: tuple[Address, ...] = ()


class Person(Struct, frozen=True, kw_only=True, tag_field="kind", tag="person"):
    hash_id: Name
    email_address: Mail
    full_name: Line = ""
    nickname: Short = ""
    own: Own | None = None


class Group(Struct, frozen=True, kw_only=True, tag_field="kind", tag="team"):
    hash_id: Name
    slug: Annotated[str, Meta(max_length=80)] = ""
    name: Annotated[str, Meta(min_length=1, max_length=80)]
    personal_of: Name | None = None
    done_prompt: Line = ""
    goal_prompt: Line = ""
    blocked_prompt: Line = ""
    carries_over: bool = True
    when_deleted: Literal["keep", "go"] = "keep"
    created_at: Instant
    updated_at: Instant


class Belongs(Struct, frozen=True, kw_only=True, tag_field="kind", tag="membership"):
    team: Name
    person: Name
    role: Literal["admin", "member", "observer"] = "member"
    created_at: Instant


class Detail(Struct, frozen=True, kw_only=True):
    """One of the things that an entry stands for elsewhere."""

    key: Annotated[str, Meta(min_length=1, max_length=LONGEST_KEY)]
    text: Annotated[str, Meta(max_length=LONGEST)] = ""
    url: Url = ""
    alike: Annotated[str, Meta(max_length=64)] = ""
    batch: Annotated[str, Meta(max_length=LONGEST_KEY)] = ""


class Said(Struct, frozen=True, kw_only=True):
    """A comment."""

    hash_id: Name
    person: Name
    body: Annotated[str, Meta(min_length=1, max_length=LONGEST)]
    created_at: Instant


class Liked(Struct, frozen=True, kw_only=True):
    person: Name
    created_at: Instant


class Logged(Struct, frozen=True, kw_only=True, tag_field="kind", tag="entry"):
    """An entry. ``person`` and whoever else it names stand in lines of their own."""

    hash_id: Name = ""
    team: Name = ""
    person: Name
    status: Kind
    body: Annotated[str, Meta(min_length=1, max_length=LONGEST)]
    url: Url = ""
    occurred_on: date
    occurred_at: Instant | None = None
    completed_on: date | None = None
    completes: Name | None = None
    archived_at: Instant | None = None
    created_at: Instant | None = None
    updated_at: Instant | None = None
    edited_at: Instant | None = None
    touched_at: Instant | None = None
    created_by: Short = "import"
    origin_label: Line = ""
    counted_body: Annotated[str, Meta(max_length=400)] = ""
    tags: tuple[Annotated[str, Meta(min_length=1, max_length=LONGEST_TAG)], ...] | None = None
    mentioned: tuple[Name, ...] | None = None
    details: tuple[Detail, ...] = ()
    comments: tuple[Said, ...] = ()
    likes: tuple[Liked, ...] = ()


AnyLine = Head | Person | Group | Belongs | Logged

encode = msgspec.json.Encoder().encode


def decode(line: str | bytes) -> AnyLine:
    """Raises ValueError with a sentence for people."""
    try:
        said: AnyLine = msgspec.convert(_cleaned(msgspec.json.decode(line)), AnyLine)
    except RecursionError as problem:
        raise ValueError("It is nested too deeply.") from problem
    except (msgspec.MsgspecError, UnicodeDecodeError) as problem:
        raise ValueError(f"{problem}.") from problem
    return said


def _cleaned(value: Any) -> Any:
    """Without what no database can store."""
    if isinstance(value, str):
        return clean(value)
    if isinstance(value, dict):
        return {clean(name): _cleaned(each) for name, each in value.items()}
    if isinstance(value, Sequence):
        return [_cleaned(each) for each in value]
    return value
