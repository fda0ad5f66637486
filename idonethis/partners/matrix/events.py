"""Events of a room as hooks, and what they say:
https://spec.matrix.org/latest/client-server-api/#instant-messaging"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

import orjson

from idonethis.integrations.base import Actor, Hook, instant, json_object, line, record
from idonethis.integrations.kits.talks import Said
from idonethis.integrations.kits.words import NONE, Words
from idonethis.partners.matrix.rooms import MESSAGE, REDACTION, quoted

TEXT, REPLACES = "m.text", "m.replace"


def hooks(
    events: Iterable[Mapping[str, Any]], room: str, *, sender_of: Callable[[str], str]
) -> Iterator[Hook]:
    """Only what is said to us, corrected or taken back; of other words nothing is kept."""
    for event in events:
        told = _message(event) if event.get("type") == MESSAGE else _redaction(event, sender_of)
        if told:
            about = {"id": line(event.get("event_id")), "at": event.get("origin_server_ts")}
            yield Hook(orjson.dumps({"room": room, **about, **told}))


def _message(event: Mapping[str, Any]) -> dict[str, Any]:
    """What this account posts is a notice, and so is what other bots say."""
    content = record(event.get("content"))
    relation = record(content.get("m.relates_to"))
    is_edit = relation.get("rel_type") == REPLACES
    said = record(content.get("m.new_content")) if is_edit else content
    text = str(said.get("body") or "")
    is_ours = Words.of_sentence(text) is not None
    if said.get("msgtype") != TEXT or not (is_ours or is_edit):
        return {}
    of = line(relation.get("event_id") if is_edit else event.get("event_id"))
    kept = {"sender": line(event.get("sender")), "of": of, "text": text if is_ours else ""}
    return {**kept, "edited": is_edit}


def _redaction(event: Mapping[str, Any], sender_of: Callable[[str], str]) -> dict[str, Any]:
    """https://spec.matrix.org/latest/client-server-api/#redactions: in older rooms, what is taken
    back stands beside the content."""
    of = line(record(event.get("content")).get("redacts")) or line(event.get("redacts"))
    sender = sender_of(of) if of and event.get("type") == REDACTION else ""
    return {"sender": sender, "of": of, "text": "", "edited": True} if sender else {}


def said(hook: Hook) -> Said | None:
    """Its own server says when it happened; where that is no time, it was when we heard of it."""
    body = json_object(hook.json, "An event")
    who, of = line(body.get("sender")), line(body.get("of"))
    if not (who and of):
        return None
    when = instant(body.get("at"), per_second=1000) or hook.received_at
    return Said(
        Actor(who, login=who),
        Words.of_sentence(str(body.get("text") or "")) or NONE,
        of,
        at=when,
        edited_at=when if body.get("edited") else None,
        url=f"https://matrix.to/#/{quoted(line(body.get('room')))}/{quoted(of)}",
    )
