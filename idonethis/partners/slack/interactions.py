"""Buttons and the message shortcut. Slack shows nothing of what it is answered: what people get
to read is sent to the address that came along.

https://docs.slack.dev/interactivity/handling-user-interaction"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import orjson

from idonethis.entries.text import parse
from idonethis.integrations.base import (
    Directory,
    Ended,
    Event,
    Found,
    Ignored,
    Note,
    Reason,
    records,
)
from idonethis.integrations.kits.wishes import Wish, taken_back
from idonethis.partners.slack import answers, suggestions
from idonethis.partners.slack.mrkdwn import escape, plain
from idonethis.partners.slack.payload import Sent, word

#: The identifier of the message shortcut in our manifest.
LOG_THIS = "log_this"
#: The most entries that Undo takes back: more lines than a message of Slack's can hold.
MOST = 1000
LOGGED = frozenset((Reason.CREATED, Reason.UPDATED, Reason.DUPLICATE))


def pressed(sent: Sent) -> Iterator[Event]:
    """Undo takes back what one wish logged, for who pressed it and nobody else; the buttons of a
    suggestion say what becomes of it."""
    for action in records(sent.body.get("actions")):
        if word(action, "action_id") == answers.UNDO:
            yield from _undone(sent, word(action, "value"))
        elif word(action, "action_id") in suggestions.VERDICTS:
            yield suggestions.decided(sent, action)
        else:
            yield Ignored(Reason.UNSUPPORTED, "A button that leads somewhere changes nothing.")


def _undone(sent: Sent, value: str) -> Iterator[Event]:
    try:
        mark, count = orjson.loads(value)
        numbers = range(min(int(count), MOST))
        yield from taken_back(sent.actor, str(mark), numbers, as_of=sent.at)
    except (TypeError, ValueError):
        yield Ignored(Reason.UNSUPPORTED, "The button does not say what it would undo.")


def answered(sent: Sent, ended: Ended, directory: Directory) -> Note | None:
    """What the person gets to see for a button."""
    names = [word(action, "action_id") for action in records(sent.body.get("actions"))]
    decided = next((name for name in names if name in suggestions.VERDICTS), "")
    if decided:
        return suggestions.note(sent, decided, ended, directory=directory)
    return _told_of_undoing(sent, ended)


def _told_of_undoing(sent: Sent, ended: Ended) -> Note | None:
    if ended.reason is Reason.UNSUPPORTED:
        return None
    url = sent.text("response_url")
    if ended.reason is Reason.RETRACTED:
        return Note(url, _instead("Undone. It is out of the log; send it again to bring it back."))
    if ended.reason in (Reason.NOTHING_TO_CHANGE, Reason.DUPLICATE):
        return Note(url, _instead("Nothing was left to undo: it is not in the log."))
    return Note(url, answers.told(f"Not undone. {escape(ended.why)}"))


def _instead(words: str) -> dict[str, Any]:
    """In place of the receipt, so that nobody presses its button again."""
    return {"replace_original": True, "text": words}


def shortcut(sent: Sent) -> Iterator[Event]:
    """“Log this” makes the message a done of who chose it, whoever wrote it: people log for
    themselves. It is one entry, of the day on which it was chosen."""
    if sent.text("callback_id") != LOG_THIS:
        yield Ignored(Reason.UNSUPPORTED, "This shortcut is not one of ours.")
    elif not (found := wish(sent)).lines:
        yield Ignored(Reason.UNSUPPORTED, "The message has no text that could be logged.")
    else:
        yield from found.drafts()


def wish(sent: Sent) -> Wish:
    """Chosen twice, it stays one entry: Slack names a message by channel and time, whatever it
    calls its deliveries. https://github.com/slackapi/node-slack-sdk/issues/2141"""
    message = sent["message"]
    stamp = word(message, "ts") or sent.text("message_ts")
    typed = " ".join(plain(_words(message)).split())
    url = word(message, "permalink") or _permalink(sent, stamp)
    lines, mark = tuple(parse(typed)[:1]), f"{sent.place}:{stamp}"
    return Wish(sent.actor, lines, mark, at=sent.at, url=url)


def _words(message: Mapping[str, Any]) -> str:
    """Some messages are all attachment, or nothing but files."""
    attached = [word(each, "fallback") for each in records(message.get("attachments"))]
    files = [word(each, "title") or word(each, "name") for each in records(message.get("files"))]
    return next((words for words in (word(message, "text"), *attached, *files) if words), "")


def _permalink(sent: Sent, stamp: str) -> str:
    """https://docs.slack.dev/reference/methods/chat.getPermalink"""
    domain = word(sent["team"], "domain")
    path = f"archives/{sent.place}/p{stamp.replace('.', '')}"
    return f"https://{domain}.slack.com/{path}" if domain and sent.place and stamp else ""


def logged(sent: Sent, ended: Ended, directory: Directory) -> Note | None:
    """How the shortcut ended."""
    url = sent.text("response_url")
    if ended.reason not in LOGGED:
        content = answers.refusal(ended.reason, ended.why, sent, directory=directory)
        return Note(url, content)
    found = directory.find(sent.actor)
    if isinstance(found, Found):
        return Note(url, answers.receipt(wish(sent), found))
    return Note(url, answers.told("Logged."))
