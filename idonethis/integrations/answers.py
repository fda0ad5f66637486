"""What a partner's answer means when it is no, as data: what may work later, and what needs
somebody to do something."""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from email.utils import parsedate_to_datetime
from fnmatch import fnmatchcase
from functools import cached_property
from typing import Any

import orjson

#: The longest that a partner's Retry-After is obeyed, in seconds.
LONGEST_WAIT = 24 * 3600.0
#: How headers begin that say how much is left, and until when.
RATES = ("x-ratelimit", "ratelimit")
NO_REASON = "no reason given"
#: Beyond this, an instant counts thousandths of a second, and not seconds, since 1970.
THOUSANDTHS = 1e11


class Failed(Exception):
    """A call to a partner did not do what it should. The message is a sentence for people."""


class Again(Failed):
    """It may work later: ``after`` seconds at the earliest, where the partner said so."""

    def __init__(self, message: str, *, after: float | None = None) -> None:
        super().__init__(message)
        self.after = after


class Away(Again):
    """Nobody was there to answer, so it is about the partner, and not about what was sent."""


class Never(Failed):
    """It will not work until somebody does something."""


class NeedsReconnect(Never):
    """The partner does not accept our grant any more."""


class NeedsPermission(Never):
    """The grant holds, but does not allow this."""


class Gone(Never):
    """The thing at the partner is not there (any more)."""


class Vanished(Never):
    """What we posted there is not there any more: somebody has removed it."""


class Unwanted(Never):
    """Whoever is there wants to hear nothing more, ever: the link ends."""


@dataclass(frozen=True)
class Answer:
    status: int
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""

    @cached_property
    def json(self) -> Any:
        """The body as JSON. Raises Again: a partner that answers rubbish is out of order."""
        try:
            return orjson.loads(self.body)
        except orjson.JSONDecodeError as problem:
            raise Again("The answer was not JSON.") from problem


@dataclass(frozen=True)
class Refusal:
    """A line of the table. It fits an answer with one of the ``statuses``, that says one of the
    words and has the header, as far as these are given; ``*`` in them stands for anything. The
    sentence may name {partner}, {status}, {word} and fields of the answer. ``after`` is when to try
    again, in seconds, where the partner does not say."""

    means: type[Failed]
    statuses: Collection[int] = ()
    says: tuple[str, ...] = ()
    header: str = ""
    sentence: str = "{partner} refused the request ({status})."
    after: float | None = None

    def fits(self, answer: Answer, word: str) -> bool:
        spoken = any(fnmatchcase(word.lower(), pattern) for pattern in self.says)
        name, _, value = self.header.partition(": ")
        shown = fnmatchcase(answer.headers.get(name, ""), value)
        of_status = not self.statuses or answer.status in self.statuses
        return of_status and (spoken or not self.says) and (shown or not self.header)

    def failure(self, answer: Answer, facts: Mapping[str, str], *, wait: float | None) -> Failed:
        sentence = self.sentence.format_map(defaultdict(lambda: "unknown", facts))
        if issubclass(self.means, Again):
            return self.means(sentence, after=retry_after(answer.headers) or wait or self.after)
        return self.means(sentence)


#: What is so at every partner that does not say otherwise. The first line that fits decides.
EVERYWHERE = (
    # Such as to a page about an outage; 301 and 308 are for good.
    Refusal(
        Again,
        (302, 303, 307),
        sentence="{partner} sent us elsewhere ({status}), where we do not go.",
    ),
    Refusal(Again, (408, 425, 429), sentence="{partner} answered {status}."),
    Refusal(Again, range(500, 600), sentence="{partner} answered {status}."),
    Refusal(Again, (403,), header="retry-after: ?*", sentence="{partner} answered {status}."),
    Refusal(
        Again, (403,), header="x-ratelimit-remaining: 0", sentence="{partner} answered {status}."
    ),
    Refusal(NeedsReconnect, (401,), sentence="{partner} no longer accepts our access ({status})."),
    Refusal(NeedsPermission, (403,), sentence="{partner} does not allow this ({status})."),
    Refusal(Gone, (404, 410), sentence="{partner} does not know this (any more) ({status})."),
    Refusal(Never),
)


@dataclass(frozen=True)
class Answers:
    """How one partner says no: ``source`` is the page where it says so. ``word`` is the field of a
    JSON body that holds the word of a refusal, which may as well be a whole body in plain text,
    with dots where it lies deeper, and of a list in the first. ``wait`` is the field that says, in
    seconds, when to try again, where no header does. At partners that refuse with 200, too,
    ``success`` is the field that is true in every success, or ``failure`` the one that only
    refusals fill; where there is neither, a status below 300 that a line names refuses, too."""

    source: str = ""
    word: str = ""
    wait: str = ""
    success: str = ""
    failure: str = ""
    refusals: tuple[Refusal, ...] = ()

    def judge(self, answer: Answer, *, partner: str) -> None:
        """Raises Failed, unless the answer is a success."""
        if answer.status < 300 and self._agrees(answer):
            return
        said = _said(answer)
        word = (_found(said, self.word) or _plain(answer))[:200] if self.word else ""
        meant = next(line for line in (*self.refusals, *EVERYWHERE) if line.fits(answer, word))
        usual = {"partner": partner, "status": str(answer.status), "word": word or NO_REASON}
        wait = _seconds(_found(said, self.wait)) if self.wait else None
        raise meant.failure(answer, _texts(said) | usual, wait=wait)

    def ends_grant(self, answer: Answer) -> bool:
        """Whether the partner takes our token no longer: it may only have run out."""
        try:
            self.judge(answer, partner="")
        except Failed as problem:
            return isinstance(problem, NeedsReconnect)
        return False

    def _agrees(self, answer: Answer) -> bool:
        """Raises Again for what is no answer of this partner's at all."""
        if not (self.success or self.failure):
            return not any(answer.status in line.statuses for line in self.refusals)
        if not isinstance(answer.json, dict):
            raise Again("The answer was something else than it should be.")
        if self.failure and answer.json.get(self.failure):
            return False
        return not self.success or answer.json.get(self.success) is True


def _said(answer: Answer) -> Mapping[str, Any]:
    try:
        said = answer.json
    except Again:
        return {}
    return said if isinstance(said, dict) else {}


def _found(said: Any, path: str) -> str:
    for name in path.split("."):
        inner = said[0] if isinstance(said, list) and said else said
        said = inner.get(name) if isinstance(inner, dict) else None
    return str(said or "")


def _seconds(said: str) -> float | None:
    return min(_number(said), LONGEST_WAIT) or None


def _number(said: str) -> float:
    return float(said) if said.replace(".", "", 1).isdecimal() else 0.0


def _plain(answer: Answer) -> str:
    is_plain = answer.headers.get("content-type", "").startswith("text/plain")
    return answer.body.decode(errors="replace").strip() if is_plain else ""


def _texts(said: Mapping[str, Any]) -> dict[str, str]:
    return {name: text[:100] for name, text in said.items() if isinstance(text, str)}


def retry_after(headers: Mapping[str, str]) -> float | None:
    """Seconds from now, of ``Retry-After`` (number or date), or of the common ``x-ratelimit-reset``
    or ``ratelimit-reset`` (or the same with ``-after``) where nothing is left until then."""
    value = headers.get("retry-after", "")
    if value.isdecimal():
        return min(float(value), LONGEST_WAIT)
    try:
        wait = parsedate_to_datetime(value).timestamp() - time.time()
    except (TypeError, ValueError, OverflowError):
        wait = next(filter(None, (_until_reset(headers, name) for name in RATES)), 0)
    return min(wait, LONGEST_WAIT) if wait > 0 else None


def until_more(headers: Mapping[str, str]) -> float | None:
    """Seconds until the partner takes more, where the headers of a success say that nothing is
    left until then."""
    spent = [name for name in RATES if headers.get(f"{name}-remaining") == "0"]
    waits = [_until_reset(headers, name) for name in spent]
    wait = min(max(waits, default=0), LONGEST_WAIT)
    return wait if wait > 0 else None


def _until_reset(headers: Mapping[str, str], prefix: str) -> float:
    is_spent = headers.get(f"{prefix}-remaining", "0") == "0"
    if not is_spent:
        return 0
    if left := _number(headers.get(f"{prefix}-reset-after", "")):
        return left
    at = _number(headers.get(f"{prefix}-reset", ""))
    seconds = at / 1000 if at > THOUSANDTHS else at
    return seconds - time.time() if at else 0
