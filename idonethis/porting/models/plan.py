"""What an import would do, before anything is done."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

from idonethis.accounts.models import User
from idonethis.porting.models import sorting
from idonethis.porting.models.sorting import Sorting
from idonethis.porting.models.upload import Upload
from idonethis.porting.models.whose import Whose


class PersonThere(NamedTuple):
    """Somebody of the other log, and who they are here, if that is known."""

    key: str
    email: str
    name: str
    rows: int
    user: User | None


@dataclass(frozen=True)
class Plan:
    upload: Upload
    results: Counter[str]
    people: Sequence[PersonThere]
    kinds: Counter[str]
    first: date | None
    last: date | None

    @classmethod
    def of(cls, upload: Upload) -> Plan:
        """Reads, and stores nothing."""
        whose = Whose(upload.team, upload.people)
        results: Counter[str] = Counter()
        counts: Counter[str] = Counter()
        kinds: Counter[str] = Counter()
        days: set[date] = set()
        for rows in upload.every_part():
            results += Sorting(whose).sort(rows).results
            counts.update(row.entry.person for row in rows)
            kinds.update(row.entry.status for row in rows)
            days |= {row.entry.occurred_on for row in rows}
        people = [_person(key, count, upload.people, whose) for key, count in counts.most_common()]
        ends = (min(days), max(days)) if days else (None, None)
        return cls(upload, results, people, kinds, *ends)

    @property
    def matched(self) -> list[PersonThere]:
        return [person for person in self.people if person.user]

    @property
    def unmatched(self) -> list[PersonThere]:
        return [person for person in self.people if not person.user]

    @property
    def brings(self) -> int:
        return self.results[sorting.NEW]

    def facts(self) -> dict[str, Any]:
        """As JSON has it."""
        return {
            "rows": self.upload.rows,
            "results": dict(self.results),
            "kinds": dict(self.kinds),
            "first": self.first,
            "last": self.last,
            "matched": {each.email: each.user.email for each in self.matched if each.user},
            "unmatched": {each.email: each.rows for each in self.unmatched},
            "refused": self.upload.refused,
            "refused_count": self.upload.refused_count,
            "notes": self.upload.notes,
        }


def _person(
    key: str, rows: int, said: Mapping[str, Mapping[str, Any]], whose: Whose
) -> PersonThere:
    about = said.get(key, {})
    return PersonThere(key, about.get("email", ""), about.get("name", ""), rows, whose.of(key))
