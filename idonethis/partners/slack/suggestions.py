"""What is suggested to a person, listed for them alone, with buttons to log or to dismiss each.

https://docs.slack.dev/reference/block-kit/blocks/actions-block"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from idonethis.integrations.base import (
    Decision,
    Directory,
    Ended,
    Note,
    Reason,
    Suggested,
    Verdict,
)
from idonethis.integrations.kits.wishes import WORDS, short
from idonethis.partners.slack.answers import button, plain_text, told
from idonethis.partners.slack.mrkdwn import escape
from idonethis.partners.slack.payload import Sent, word

#: Two blocks each, of the 50 that a message may hold.
MOST = 10
#: The identifiers of our buttons, and what each says.
VERDICTS = {"log_suggestion": Verdict.ACCEPT, "dismiss_suggestion": Verdict.DISMISS}
LABELS = {"log_suggestion": "Log", "dismiss_suggestion": "Dismiss"}
SAID = {"log_suggestion": "Logged.", "dismiss_suggestion": "Dismissed."}
ONLY_YOU = "Suggested for you, and seen by nobody else:"


def listed(suggested: Sequence[Suggested], said: str = "") -> dict[str, Any]:
    """The message with the first of them; ``said`` is how the one before ended."""
    head = " ".join(filter(None, [said, ONLY_YOU]))
    blocks = [_section(head), *(part for each in suggested[:MOST] for part in _parts(each))]
    if more := len(suggested) - MOST:
        blocks += [_section(f"And {more} more. They move up as you decide.")] * (more > 0)
    return told(escape(head)) | {"blocks": blocks}


def _parts(each: Suggested) -> Iterator[dict[str, Any]]:
    day = f"{each.day:%a} {each.day.day} {each.day:%b}"
    yield _section(f"{WORDS[each.kind]}: {short(each.body)}\n{each.team} · {day}")
    buttons = [button(label, name, value=each.name) for name, label in LABELS.items()]
    yield {"type": "actions", "elements": buttons}


def _section(words: str) -> dict[str, Any]:
    return {"type": "section", "text": plain_text(words)}


def decided(sent: Sent, action: Mapping[str, Any]) -> Decision:
    """Whose it is, the core looks up: a button may carry any name."""
    verdict = VERDICTS[word(action, "action_id")]
    return Decision(word(action, "value")[:12], verdict, sent.actor)


def note(sent: Sent, action: str, ended: Ended, *, directory: Directory) -> Note:
    """The list as it is now, in place of the one with the button."""
    said = SAID[action] if ended.reason is Reason.DECIDED else f"Nothing changed. {ended.why}"
    rest = directory.suggestions(sent.actor)
    content = listed(rest, said) if rest else told(escape(f"{said} Nothing else waits for you."))
    return Note(sent.text("response_url"), content | {"replace_original": True})
