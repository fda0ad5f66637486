"""What the logs should say, and what they say."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

from faults.sending import Said, Sending

#: An entry that sums up details, and their number.
COUNTING = re.compile(r"(Pushed )?(\d+) (?:commit|event)s? (.+)")


@dataclass
class Judgement:
    """``wrong``: there, but with another team, kind, person or day. ``examples`` is for people."""

    lost: int = 0
    doubled: int = 0
    phantom: int = 0
    wrong: int = 0
    examples: list[str] = field(default_factory=list)

    def note(self, what: str, thing: object) -> None:
        setattr(self, what, getattr(self, what) + 1)
        if len(self.examples) < 20:
            self.examples.append(f"{what}: {thing}")


def judge(
    sent: Iterable[Sending], acknowledged: set[str], logs: Mapping[str, Iterable[dict[str, Any]]]
) -> Judgement:
    """``logs`` are the entries of each team, as the command prints them. What was sent and not
    acknowledged may be there, once, or not."""
    judgement, found = Judgement(), defaultdict(list)
    for team, entries in logs.items():
        for each in _all_said(team, entries, judgement):
            found[each.text].append(each)
    expected = {said.text: said for sending in sent for said in sending.means}
    due = {said.text for sending in sent if sending.id in acknowledged for said in sending.means}
    for text in due - found.keys():
        judgement.note("lost", expected[text])
    for text, all_said in found.items():
        _compare(expected.get(text), all_said, judgement)
    return judgement


def _all_said(team: str, entries: Iterable[dict[str, Any]], judgement: Judgement) -> Iterator[Said]:
    for entry in entries:
        facts = (entry["kind"], entry["user"], entry["day"])
        counting = COUNTING.fullmatch(entry["body"])
        if not counting:
            yield Said(team, entry["body"], *facts)
            continue
        if int(counting[2]) != len(entry["details"]):
            judgement.note("wrong", f"“{entry['body']}” has {len(entry['details'])} details")
        for text in entry["details"]:
            yield Said(team, text, *facts, inside=f"{counting[1] or ''}# {counting[3]}")


def _compare(expected: Said | None, all_said: list[Said], judgement: Judgement) -> None:
    for extra in all_said[1:]:
        judgement.note("doubled", extra)
    if expected is None:
        judgement.note("phantom", all_said[0])
    elif expected not in all_said:
        judgement.note("wrong", f"{all_said[0]} instead of {expected}")


@dataclass
class Posted:
    """What should be at the partner, and what is. ``doubled`` counts posts beyond the first."""

    lost: int = 0
    doubled: int = 0
    disorder: int = 0


def posted(due: list[str], messages: list[str]) -> Posted:
    """``due`` are the bodies of entries in the order in which they were logged, ``messages`` what
    the partner shows, oldest first."""
    shown = bodies(messages)
    times = Counter(shown)
    lost = sum(times[body] == 0 for body in due)
    doubled = sum(times[body] - 1 for body in due if times[body] > 1)
    return Posted(lost, doubled, _disorder(due, shown))


def bodies(messages: list[str]) -> list[str]:
    """A post says what and whose it is in a line, and then what the entry says."""
    return [message.splitlines()[1] for message in messages if "\n" in message]


def _disorder(due: list[str], shown: list[str]) -> int:
    """How many stand, where they appear first, right behind one that was logged later."""
    place = {body: number for number, body in enumerate(due)}
    order = [place[body] for body in dict.fromkeys(shown) if body in place]
    return sum(later < earlier for earlier, later in pairwise(order))
