"""What a link finds in a body, field by field."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from idonethis.entries.text import Line, clean, parse
from idonethis.integrations.base import NOBODY, Actor, fingerprint
from idonethis.integrations.kits.mapped.expressions import Bad, search

#: Where each field is looked for when nobody has said anything else.
DEFAULTS = {
    "text": "text || body || message || title",
    "status": "status || kind",
    "person": "person || email || user",
    "date": "date || occurred_at || timestamp",
    "external_id": "id || external_id",
    "url": "url || link",
}
KINDS = {"done": "done", "goal": "goal", "blocked": "blocked", "blocker": "blocked"}
MOST_LINES = 100
STATUS = "It must be done, goal or blocked."
DATE = "It must look like 2026-11-24 or 2026-11-24T09:30:00Z, or count seconds since 1970."
#: From 1973 on; what is longer counts milliseconds.
_SECONDS = re.compile(r"([0-9]{9,11})(?:\.[0-9]+)?")
_MILLISECONDS = re.compile(r"([0-9]{9,11})[0-9]{3}")
_OLDEST = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Fields:
    """What a link's expressions find in one body. Raises Bad for what cannot be used, and nothing
    else; what is not there is empty."""

    body: Any
    config: Mapping[str, Any]

    def where(self, name: str) -> str:
        return str(self.config.get(name, DEFAULTS[name]))

    @property
    def lines(self) -> list[Line]:
        """The entries-to-be; of a list, one or more for each text in it. A status holds for all."""
        found = self._found("text")
        texts = found if isinstance(found, list) else [found]
        lines = parse("\n".join(map(_as_text, texts)))
        if len(lines) > MOST_LINES:
            raise Bad(f"The text has {len(lines)} lines; more than {MOST_LINES} are no log.")
        return [Line(self._status or line.kind, line.body) for line in lines]

    @property
    def _status(self) -> str:
        said = self._text("status")
        if said and said.lower() not in KINDS:
            raise Bad(f"The status at {self.where('status')} is “{said[:60]}”. {STATUS}")
        return KINDS.get(said.lower(), "")

    @property
    def actor(self) -> Actor:
        """A mail address is evidence, since who has the secret of the link writes it; any other
        name is one that the team has to match once."""
        person = self._text("person")
        if "@" in person.strip("@"):
            return Actor(email=person, vouched=True)
        return Actor(uid=person[:200], login=person[:200]) if person else NOBODY

    @property
    def at(self) -> datetime | date | None:
        """When it happened: an instant, or a day where only that is said."""
        said = self._text("date")
        try:
            found = _instant(said) if said else None
        except (ValueError, OverflowError) as problem:
            sentence = f"The date at {self.where('date')} is “{said[:60]}”. {DATE}"
            raise Bad(sentence) from problem
        return found

    @property
    def external_id(self) -> str:
        own = self._text("external_id")
        return own if len(own) <= 150 else fingerprint(own.encode())

    @property
    def url(self) -> str:
        return self._text("url")

    def _text(self, name: str) -> str:
        found = self._found(name)
        if isinstance(found, dict | list):
            raise Bad(f"What stands at {self.where(name)} is not one text, but several.")
        return _as_text(found).strip()

    def _found(self, name: str) -> Any:
        return search(self.where(name), self.body) if self.where(name) else None


def _as_text(value: Any) -> str:
    if isinstance(value, dict | list | bool | None):
        return ""
    return clean(str(value))


def _instant(said: str) -> datetime | date:
    """Raises ValueError or OverflowError."""
    if found := _SECONDS.fullmatch(said) or _MILLISECONDS.fullmatch(said):
        return datetime.fromtimestamp(int(found[1]), UTC)
    if re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", said):
        return date.fromisoformat(said)
    parsed = datetime.fromisoformat(said)
    instant = parsed if parsed.tzinfo else parsed.replace(tzinfo=UTC)
    if instant < _OLDEST:
        raise ValueError("Nobody logged anything then.")
    return instant
