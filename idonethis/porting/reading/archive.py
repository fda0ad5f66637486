"""An archive of a log like this one, a line a thing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from idonethis.porting.brought import Brought, Read, Refused, Unreadable, check_days, key_of
from idonethis.porting.lines import VERSION, AnyLine, Belongs, Group, Head, Logged, Person, decode


@dataclass
class Archive:
    """All that stands in one, by what it is."""

    people: dict[str, Person] = field(default_factory=dict)
    teams: dict[str, Group] = field(default_factory=dict)
    memberships: list[Belongs] = field(default_factory=list)
    entries: list[tuple[int, Logged]] = field(default_factory=list)
    refused: list[Refused] = field(default_factory=list)

    @classmethod
    def of(cls, content: bytes) -> Archive:
        """Raises Unreadable."""
        archive = cls()
        lines = content.removeprefix(b"\xef\xbb\xbf").split(b"\n")
        _check_head(lines[0])
        for number, line in enumerate(lines[1:], start=2):
            if line.strip():
                archive._take(number, line)
        return archive

    def _take(self, number: int, line: bytes) -> None:
        try:
            self._keep(number, decode(line))
        except ValueError as problem:
            self.refused.append(Refused(number, str(problem)))

    def _keep(self, number: int, line: AnyLine) -> None:
        match line:
            case Person():
                self.people[line.hash_id] = line
            case Group():
                self.teams[line.hash_id] = line
            case Belongs():
                self.memberships.append(line)
            case Logged():
                self._keep_entry(number, line)

    def _keep_entry(self, number: int, entry: Logged) -> None:
        """Raises ValueError with a sentence for people."""
        check_days(entry)
        if not entry.hash_id:
            raise ValueError("The entry has no hash_id.")
        if entry.person not in self.people:
            raise ValueError(f"No line above says who {entry.person[:40]} is.")
        self.entries.append((number, entry))

    def read(self, team: str | None = None) -> Read:
        """The entries of all its teams, or of the one that has this name in it."""
        rows = [
            Brought(line=number, key=key_of(entry.hash_id), entry=entry)
            for number, entry in self.entries
            if team is None or entry.team == team
        ]
        return Read(_once(rows), self.said, self.refused)

    @property
    def said(self) -> Mapping[str, Mapping[str, Any]]:
        return {
            key: {"email": person.email_address, "name": person.full_name}
            for key, person in self.people.items()
        }


def _once(rows: list[Brought]) -> list[Brought]:
    """Of an entry that stands there twice the first."""
    return list({row.key: row for row in reversed(rows)}.values())[::-1]


def is_archive(content: bytes) -> bool:
    return content.removeprefix(b"\xef\xbb\xbf").lstrip()[:1] == b"{"


def _check_head(line: bytes) -> None:
    try:
        head = decode(line)
    except ValueError as problem:
        raise Unreadable(f"The first line does not say what this file is. {problem}") from problem
    if not isinstance(head, Head):
        raise Unreadable('An archive begins with the line {"kind":"idonethis","version":1}.')
    if head.version != VERSION:
        raise Unreadable(f"It is of version {head.version}, and this server reads {VERSION}.")
