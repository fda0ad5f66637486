"""Plain values that travel between the web, the inbox and the integrations."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from functools import cached_property
from typing import Any, Self
from urllib.parse import parse_qs

import msgspec
import orjson

from idonethis.entries.drafts import Actor, Draft

#: Walks through JSON without making anything of it.
_SKIMMING = msgspec.json.Decoder(msgspec.Raw)
#: NUL as JSON writes it, and everything else that begins with a backslash.
_NUL = re.compile(rb"\\(?:u0000|.)", re.DOTALL)


class Unreadable(ValueError):
    """A body is not what its content type says: broken JSON, wrong encoding, too deep."""


def json_object(body: Any, what: str) -> Mapping[str, Any]:
    """The JSON object that a whole body is. Raises Unreadable, in which ``what`` should have been
    one."""
    if not isinstance(body, dict):
        raise Unreadable(f"{what} is a JSON object; this is none.")
    return body


@dataclass(frozen=True)
class Hook:
    """A partner's request as it arrived. Header names are lower case. What is read from it is
    without NUL, which PostgreSQL takes in no text."""

    body: bytes
    headers: Mapping[str, str] = field(default_factory=dict)
    method: str = "POST"
    query: str = ""
    received_at: datetime = field(default_factory=lambda: datetime.now(UTC))
    #: The whole address as this server knows it, whatever the sender or a proxy made of it.
    url: str = ""
    #: What the partner said besides, when it was asked; see ``Expands``.
    more: Mapping[str, Any] = field(default_factory=dict)

    def header(self, name: str) -> str:
        return self.headers.get(name.lower(), "")

    @cached_property
    def form(self) -> dict[str, str]:
        """The fields of a form body; of a repeated field, the last."""
        try:
            text = self.body.decode()
            fields = parse_qs(text, keep_blank_values=True, max_num_fields=1000)
        except ValueError as problem:
            raise Unreadable("The form is not UTF-8, or has too many fields.") from problem
        return {_fit(name): _fit(values[-1]) for name, values in fields.items()}

    @cached_property
    def json(self) -> Any:
        """The body as JSON; of a form, the JSON in its field ``payload``. Raises Unreadable."""
        try:
            return without_nul(self._text)
        except orjson.JSONDecodeError as problem:
            raise Unreadable(f"The body is not JSON: {problem}.") from problem

    def skim(self) -> None:
        """Raises Unreadable for what is no JSON, at a third of the cost of reading it."""
        try:
            _SKIMMING.decode(self._text)
            self.body.decode()
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as problem:
            raise Unreadable("The body is not JSON, not UTF-8, or nested too deep.") from problem

    @property
    def is_form(self) -> bool:
        return "form-urlencoded" in self.header("content-type")

    @property
    def _text(self) -> bytes:
        return self.form.get("payload", "").encode() if self.is_form else self.body


def without_nul(text: bytes) -> Any:
    """What this JSON says, as PostgreSQL takes it."""
    return orjson.loads(_NUL.sub(_but_nul, text) if b"\\u0000" in text else text)


def _but_nul(found: re.Match[bytes]) -> bytes:
    return b"" if found[0] == b"\\u0000" else found[0]


def _fit(text: str) -> str:
    return text.replace("\0", "")


@dataclass(frozen=True)
class Response:
    """What the partner gets to hear."""

    status: int = 200
    body: bytes = b""
    content_type: str = "text/plain; charset=utf-8"
    headers: tuple[tuple[str, str], ...] = ()

    @classmethod
    def json(cls, content: Any, *, status: int = 200) -> Response:
        return cls(status, orjson.dumps(content), "application/json")


EMPTY = Response()


class Reason(StrEnum):
    """Why a receipt ended as it did. The value is what the API and the pages show."""

    CREATED = "created"
    UPDATED = "updated"
    MERGED = "merged_into"
    RETRACTED = "retracted"
    DUPLICATE = "duplicate"
    STAYS_DELETED = "stays_deleted"
    UNSUPPORTED = "unsupported_event"
    PING = "ping"
    FILTERED = "filtered_rule"
    BOT = "bot"
    PRIVATE = "private_policy"
    SUGGESTED = "draft_pending"
    DISMISSED = "dismissed"
    EXPIRED = "expired"
    DECIDED = "decided"
    NO_PERSON = "no_person"
    #: Not an end: what it made goes, unless a person has had a hand in it, and it is read anew.
    ANEW = "anew"
    NOT_IN_TEAM = "person_not_in_team"
    NO_LINK = "no_link"
    LINK_PAUSED = "link_paused"
    STORM_HELD = "storm_held"
    LINK_REMOVED = "link_removed"
    NOT_THEIRS = "not_theirs"
    NOTHING_TO_CHANGE = "nothing_to_change"
    VANISHED = "vanished"
    DISCONNECTED = "disconnected"
    FAILED = "template_error"
    BAD_SIGNATURE = "bad_signature"
    TOO_OLD = "too_old"
    UNREADABLE = "unreadable"
    TOO_LARGE = "too_large"
    UNKNOWN_ENDPOINT = "unknown_endpoint"
    NOT_YET = "not_yet"
    TOO_FAST = "too_fast"


@dataclass(frozen=True)
class Ignored:
    """This event makes no entry, and ``why`` says so in a sentence. ``draft`` is what a rule of
    the link left out."""

    reason: Reason
    why: str = ""
    draft: Draft | None = None


@dataclass(frozen=True)
class Revoked:
    """The partner says that these accounts of ours hold no longer. ``uids`` as in Account.uid."""

    uids: tuple[str, ...]
    why: str


class Verdict(StrEnum):
    """What becomes of a suggestion."""

    ACCEPT = "accepted"
    DISMISS = "dismissed"


@dataclass(frozen=True)
class Decision:
    """A person says at the partner what becomes of a suggestion of theirs, given by its name."""

    suggestion: str
    verdict: Verdict
    actor: Actor


@dataclass(frozen=True)
class Address:
    """Where an event of an application-wide hook happened: the workspace, the place in it, and
    who did it there, as uids of the partner."""

    workspace: str = ""
    place: str = ""
    person: str = ""


@dataclass(frozen=True)
class StandingHook:
    """A webhook of ours as it stands at the partner, by whose name for it. ``sound``: its other
    settings are as we made them. ``is_refused``: we did not take its last hook for genuine."""

    remote_id: str
    url: str
    events: frozenset[str] = frozenset()
    active: bool = True
    sound: bool = True
    is_refused: bool = False

    @classmethod
    def among(cls, listed: Iterable[Self], *, url: str, remote_id: str) -> Self | None:
        """The one with this id, else the first with this address."""
        ours = [each for each in listed if each.remote_id == remote_id or each.url == url]
        return max(ours, key=lambda each: each.remote_id == remote_id, default=None)


@dataclass(frozen=True)
class MadeHook:
    """A webhook that a partner has just made for us; the secret that it signs with from now on,
    where it makes that itself and tells it in the same breath; and until when it holds, where that
    is not for good (see ``Renews``)."""

    remote_id: str
    secret: Secret | None = None
    until: datetime | None = None


@dataclass(frozen=True)
class FailedDelivery:
    """A hook that the partner could not deliver, whatever the number of its tries. ``key`` is what
    Reads.delivery_key says of it, ``at`` when it was tried last."""

    remote_id: str
    key: str
    at: datetime
    tries: int = 1


@dataclass(frozen=True)
class Choice:
    """One thing at the partner that a person can pick: a repository, a channel."""

    value: str
    label: str
    hint: str = ""
    #: Why it cannot be picked; empty where it can.
    barred: str = ""


@dataclass(frozen=True)
class PastPage:
    """Some of what happened at a partner, as the hooks that it would have sent. ``cursor`` is where
    the next page begins, as JSON holds it; None after the last. ``seen`` counts the things that
    were looked at for this page, and ``total`` all of them, as far as is known by now."""

    hooks: tuple[Hook, ...] = ()
    cursor: Mapping[str, Any] | None = None
    seen: int = 0
    total: int | None = None


@dataclass(frozen=True)
class Polled:
    """What a partner said when it was asked, as the hooks that it might have sent; ``cursor`` is
    what to know the next time, as JSON holds it."""

    hooks: tuple[Hook, ...] = ()
    cursor: Mapping[str, Any] = field(default_factory=dict)


class Secret(str):
    """Text that shows itself to nobody by accident."""

    def __repr__(self) -> str:
        return "Secret(••••)"


@dataclass(frozen=True)
class Account:
    """Who somebody is at the partner, or which workspace. ``secrets`` is what we may act with
    (such as ``access_token``); it is kept encrypted."""

    uid: str
    login: str = ""
    name: str = ""
    email: str = ""
    scopes: tuple[str, ...] = ()
    secrets: Mapping[str, Any] = field(default_factory=dict, repr=False)
    workspace: Account | None = None
