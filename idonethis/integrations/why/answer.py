from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from idonethis.entries.models import Entry
from idonethis.integrations.keeping.window import said
from idonethis.integrations.lines import Came, Line
from idonethis.integrations.models import IntegrationLink, UnclaimedPerson
from idonethis.integrations.sight import Sight
from idonethis.integrations.why import looking
from idonethis.integrations.why.findings import Finding, of_entry, of_line
from idonethis.integrations.why.meanings import Meaning, askable, meanings
from idonethis.integrations.why.people import members, of_stranger, strangers
from idonethis.integrations.why.question import Question
from idonethis.integrations.why.scan import Scan


@dataclass(frozen=True)
class Answer:
    """``findings``, the one that matters most first; where nothing was received, ``meanings``: what
    that can mean, and ``askable``: links whose partner can be asked whether it tried. No ``scan``:
    nothing had to be looked through."""

    question: Question
    findings: tuple[Finding, ...] = ()
    meanings: tuple[Meaning, ...] = ()
    scan: Scan | None = None
    askable: tuple[IntegrationLink, ...] = ()
    #: Where all that there is was looked through: what has become of everything before.
    kept: str = ""

    @property
    def first(self) -> Finding | None:
        return self.findings[0] if self.findings else None

    @property
    def is_under_way(self) -> bool:
        """It may be another one in a moment."""
        return any(finding.is_under_way for finding in self.findings)

    @property
    def sentence(self) -> str:
        if self.question.is_too_short:
            return "That is too short to look for. Nothing was looked through."
        if self.first:
            return self.first.sentence
        if self.kept:
            return f"Nothing that you may see and that is still kept {self._speaks}. {self.kept}"
        return f"Nothing came or went that you may see and that {self._speaks}."

    @property
    def _speaks(self) -> str:
        return f"speaks of “{self.question.text}”"

    def facts(self) -> dict[str, Any]:
        """As JSON has it."""
        return {
            "question": self.question.text,
            "sentence": self.sentence,
            "findings": [each.facts() for each in self.findings],
            "meanings": [each.facts() for each in self.meanings],
            "kept": self.kept or None,
            "looked": self.scan.facts() if self.scan else None,
        }


def answer(text: str, sight: Sight, *, before: int | None = None) -> Answer:
    """``before``: go on looking where an earlier answer stopped."""
    question = Question.asked(text)
    if question.is_too_short:
        return Answer(question)
    return Inquiry(question, sight, before).answer()


@dataclass(frozen=True)
class Inquiry:
    question: Question
    sight: Sight
    before: int | None

    def answer(self) -> Answer:
        """Looks first where things are first, since they go on meanwhile."""
        named, entry = self._named()
        # A short number may be the name of a delivery, and of something else that is missing.
        is_named = bool(entry or named) and not self.question.number
        scan = None if is_named else self._scan()
        unknown = strangers(self.question, self.sight)
        entries = [entry] if entry else looking.entries(self.question, self.sight)
        lines = [*named, *looking.of_entries(entries, self.sight)]
        lines += looking.waiting(unknown, self.sight)
        lines += looking.came(scan.found if scan else (), self.sight)
        findings = sorted(self._findings(entries, unknown, lines), key=lambda each: each.rank)
        kept = said() if scan and scan.further is None else ""
        found = Answer(self.question, tuple(findings), scan=scan, kept=kept)
        return found if self._has_come(entries, lines) else self._of_nothing(found)

    def _named(self) -> tuple[list[Line], Entry | None]:
        """What it is the name or the address of, so that nothing has to be looked through."""
        entry = looking.named_entry(self.question, self.sight)
        return ([], entry) if entry else (looking.named_lines(self.question, self.sight), None)

    def _scan(self) -> Scan:
        hidden = len(self.sight.links) - len(self.sight.opened)
        scan = Scan(self.sight, self.question, hidden=hidden)
        scan.before = self.before or scan.before
        return scan.run()

    def _has_come(self, entries: list[Entry], lines: list[Line]) -> bool:
        """Nothing can be meant by it that a page of ours is not there."""
        received = entries or any(isinstance(line, Came) for line in lines)
        return bool(received or looking.own_page(self.question)[0])

    def _of_nothing(self, found: Answer) -> Answer:
        about = self.question, self.sight
        return replace(found, meanings=tuple(meanings(*about)), askable=askable(*about))

    def _findings(
        self, entries: list[Entry], unknown: list[UnclaimedPerson], lines: list[Line]
    ) -> Iterator[Finding]:
        for entry in entries:
            yield of_entry(entry, is_it=looking.is_it(entry, self.question))
        for person in unknown:
            yield of_stranger(person, self.sight)
        yield from members(self.question, self.sight)
        once = {(line.direction, line.path): line for line in lines}
        for line in once.values():
            yield of_line(line, self.sight)
