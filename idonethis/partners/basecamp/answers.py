"""Answers to automatic check-ins, such as to “What did you work on today?”, of the questions that a
link names: others ask how people are.
https://github.com/basecamp/bc3-api/blob/master/sections/question_answers.md"""

from __future__ import annotations

import html
import re
from collections.abc import Mapping
from typing import Any

from idonethis.integrations.base import (
    Draft,
    Event,
    Ignored,
    Reason,
    Retitle,
    Retract,
    line,
    record,
)
from idonethis.partners.basecamp.reading import GONE, RENAMED, Happening

ANSWER = "question_answer_"
#: Between lines, and within them.
BREAK = re.compile(r"</?(?:div|p|br|li|ul|ol|h1|blockquote|pre)\b[^<>]{0,1000}>")
TAG = re.compile(r"<[^<>]{0,1000}>")


def wanted(config: Mapping[str, Any]) -> frozenset[str]:
    """Nobody cares how a question is capitalised."""
    named = str(config.get("questions") or "").splitlines()
    return frozenset(line(each).casefold() for each in named) - {""}


def answered(happening: Happening, questions: frozenset[str]) -> Event:
    asked = line(record(happening.recording.get("parent")).get("title"))
    if asked.casefold() not in questions:
        return Ignored(Reason.FILTERED, "This link does not log answers to this question.")
    key, what = f"answer:{happening.id}", happening.kind.removeprefix(ANSWER)
    if what in GONE:
        return Retract(key=key, as_of=happening.at)
    if what in RENAMED:
        return Retitle(key=key, body=_text(happening), as_of=happening.at)
    if what != "created":
        return Ignored(Reason.UNSUPPORTED, "An answer makes an entry once it is given.")
    return _draft(happening, key)


def _draft(happening: Happening, key: str) -> Event:
    if not happening.actor.uid:
        return Ignored(Reason.NO_PERSON, "Basecamp does not say who answered.")
    return Draft(
        body=_text(happening),
        key=key,
        url=line(happening.recording.get("app_url")),
        occurred_at=happening.at,
        as_of=happening.at,
        actor=happening.actor,
        place=happening.place,
    )


def _text(happening: Happening) -> str:
    """Its lines in one, without markup."""
    said = happening.recording.get("content")
    parts = BREAK.sub("\n", said if isinstance(said, str) else "").splitlines()
    lines = (line(html.unescape(TAG.sub("", part))) for part in parts)
    return " · ".join(filter(None, lines)) or "Answered without a word"
