"""``/done``, ``/goal`` and ``/blocker``.

https://docs.slack.dev/interactivity/implementing-slash-commands"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator

import orjson

from idonethis.integrations.base import (
    Directory,
    Ended,
    Event,
    Found,
    Ignored,
    Note,
    Reason,
    Response,
)
from idonethis.integrations.kits.wishes import Wish
from idonethis.integrations.kits.words import Words
from idonethis.partners.slack import answers, suggestions
from idonethis.partners.slack.mrkdwn import plain
from idonethis.partners.slack.payload import Sent

#: In seconds: the same words again within one such span are the same wish.
SPAN = 60
#: What the first answer, given before anything was logged, says already.
FORESEEN = frozenset(
    (
        Reason.CREATED,
        Reason.UPDATED,
        Reason.UNSUPPORTED,
        Reason.NO_LINK,
        Reason.LINK_PAUSED,
        Reason.NO_PERSON,
        Reason.NOT_IN_TEAM,
    )
)


def wish(sent: Sent) -> Wish:
    """Slack shows people a time-out when an answer is late, and they press Enter once more; the two
    commands have nothing in common but who typed what. So the same words of a person are one wish
    in the same minute and in the minutes beside it: for sure within 60 seconds, never after 120."""
    minute = int(sent.at.timestamp()) // SPAN
    marks = [f"{minute + step}:{_digest(sent)}" for step in (0, -1, 1)]
    lines = _words(sent).lines
    return Wish(sent.actor, lines, marks[0], at=sent.at, echoes=tuple(marks[1:]))


def _words(sent: Sent) -> Words:
    return Words.of_command(sent.text("command"), plain(sent.text("text")))


def _digest(sent: Sent) -> str:
    said = orjson.dumps([_words(sent).kind, sent.text("text")])
    return hashlib.sha256(said).hexdigest()[:20]


def wants_list(sent: Sent) -> bool:
    """A command alone asks what there is to log."""
    return not sent.text("text").strip()


def wants_help(sent: Sent) -> bool:
    """https://docs.slack.dev/slack-marketplace/slack-marketplace-app-guidelines-and-requirements"""
    return not _words(sent).lines


def read(sent: Sent) -> Iterator[Event]:
    if wants_help(sent):
        why = "It was answered with what is suggested to them, or with how the commands work."
        yield Ignored(Reason.UNSUPPORTED, why)
        return
    yield from wish(sent).drafts()


def reply(sent: Sent, directory: Directory) -> Response:
    """What the person sees at once, whether or not the worker has got to it."""
    suggested = directory.suggestions(sent.actor) if wants_list(sent) else ()
    if suggested:
        return Response.json(suggestions.listed(suggested))
    if wants_help(sent):
        return Response.json(answers.told(answers.HELP))
    found = directory.find(sent.actor)
    if isinstance(found, Found):
        return Response.json(answers.receipt(wish(sent), found))
    return Response.json(answers.refusal(found, "", sent, directory=directory))


def note(sent: Sent, ended: Ended, directory: Directory) -> Note | None:
    """Corrects the first answer where it turned out too hopeful."""
    if ended.reason in FORESEEN:
        return None
    content = answers.refusal(ended.reason, ended.why, sent, directory=directory)
    if ended.reason is Reason.DUPLICATE:
        content = answers.told(
            "You sent this twice within a minute, so it is one entry. If you did it twice, say so "
            "in other words."
        )
    return Note(sent.text("response_url"), content)
