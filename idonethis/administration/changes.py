"""The log of changes as people read it: with the names that people and things have now."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from idonethis.accounts.models import User
from idonethis.audit.acting import TERMINAL
from idonethis.audit.models import AuditRecord, AuditRecordQuerySet
from idonethis.integrations import registry
from idonethis.integrations.models import IntegrationLink, IntegrationUser
from idonethis.teams.models import Team

#: How many a page shows.
SHOWN = 50


@dataclass(frozen=True)
class Change:
    at: datetime
    who: str
    said: str
    thing: str
    team: str
    address: str
    details: str


@dataclass(frozen=True)
class Page:
    changes: list[Change]
    #: What to ask for the page after this; 0, where this is the last.
    older: int

    @classmethod
    def of(cls, records: AuditRecordQuerySet, asked: Mapping[str, str]) -> Page:
        """``asked``: ``before`` (the number of a record) and ``q`` (a word of the action)."""
        before, wanted = asked.get("before", ""), asked.get("q", "").strip()[:40]
        if before.isdecimal() and len(before) < 19:
            records = records.filter(pk__lt=int(before))
        if wanted:
            records = records.filter(action__icontains=wanted.replace(" ", "_"))
        found = list(records[: SHOWN + 1])
        shown, names = found[:SHOWN], Names.of(found)
        return cls([names.tell(each) for each in shown], shown[-1].pk if len(found) > SHOWN else 0)


@dataclass(frozen=True)
class Names:
    """Looked up for a whole page at once. Who is not here any more keeps their id."""

    known: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, records: Iterable[AuditRecord]) -> Names:
        ids = {name for each in records for name in _ids(each) if name}
        known: dict[str, str] = {}
        for model in (IntegrationUser, Team, User):
            known |= {each.hash_id: str(each) for each in model.objects.filter(hash_id__in=ids)}
        links = IntegrationLink.objects.filter(
            hash_id__in=ids, integration_type__in=registry.types()
        )
        return cls(known | {link.hash_id: link.short_name for link in links})

    def tell(self, record: AuditRecord) -> Change:
        return Change(
            at=record.at,
            who=self._who(record),
            said=record.said,
            thing="" if record.thing == record.who else self.known.get(record.thing, record.thing),
            team=self.known.get(record.team, record.team),
            address=record.address,
            details=", ".join(f"{name} {self._value(value)}" for name, value in self._more(record)),
        )

    def _who(self, record: AuditRecord) -> str:
        if record.who:
            return self.known.get(record.who, record.who)
        if record.address == TERMINAL:
            return "A command"
        return "Nobody signed in" if record.address else "The server"

    def _more(self, record: AuditRecord) -> list[tuple[str, Any]]:
        return [(name, value) for name, value in record.details.items() if value not in ("", [])]

    def _value(self, value: Any) -> str:
        if isinstance(value, list):
            return " ".join(map(str, value))
        return self.known.get(str(value), str(value))


def _ids(record: AuditRecord) -> tuple[str, ...]:
    more = [value for value in record.details.values() if isinstance(value, str)]
    return (record.who, record.thing, record.team, *more)
