"""The outgoing webhooks that we make at Mattermost, one for each public channel:
https://developers.mattermost.com/integrate/webhooks/outgoing/"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import suppress
from typing import Any
from urllib.parse import quote

from idonethis.integrations.base import (
    Again,
    Client,
    Gone,
    MadeHook,
    Secret,
    StandingHook,
    line,
    lines,
    record,
    records,
)
from idonethis.integrations.kits.chats import TRIGGERS
from idonethis.partners.mattermost.api import parts

#: Compared with the whole first word.
EVENTS = frozenset(f"{word}{end}" for word in TRIGGERS for end in ("", ":"))
WHOLE_WORD = 0
KIND = "application/json"
#: As many as are shown at once, and how often more are asked for.
FULL, MOST_PAGES = 200, 50


def create_hook(
    client: Client, channel: str, *, url: str, secret: Secret, remote_id: str
) -> MadeHook:
    """The token by which it shows that it is genuine is Mattermost's. One of which we are not told
    it, now or before, goes, and another is made.
    https://developers.mattermost.com/api-documentation/#/operations/CreateOutgoingWebhook"""
    ours = list(_ours(client, channel, url=url, remote_id=remote_id))
    known = [each for each in ours if each.get("token") or (secret and _id(each) == remote_id)]
    kept = max(known, key=lambda each: _id(each) == remote_id, default=None)
    for each in ours:
        if each is not kept:
            _remove(client, each)
    wanted = _wanted(channel, url)
    if not kept:
        return _made(client, wanted)
    return _put_right(client, {**kept, **wanted, "token": line(kept.get("token")) or str(secret)})


def _wanted(channel: str, url: str) -> Mapping[str, Any]:
    team, number = parts(channel)
    return {
        "team_id": team,
        "channel_id": number,
        "display_name": "I Done This",
        "description": "Logs what people say with done, goal or blocked.",
        "trigger_words": sorted(EVENTS),
        "trigger_when": WHOLE_WORD,
        "callback_urls": [url],
        "content_type": KIND,
    }


def _put_right(client: Client, hook: Mapping[str, Any]) -> MadeHook:
    """What is left out is emptied, the token too."""
    client.call("PUT", _one(hook), json=hook)
    return MadeHook(_id(hook), Secret(line(hook.get("token"))))


def _made(client: Client, wanted: Mapping[str, Any]) -> MadeHook:
    said = record(client.post("/hooks/outgoing", json=wanted).json)
    if not said.get("token"):
        raise Again("Mattermost made the webhook, but told no token. Try again.")
    return MadeHook(_id(said), Secret(line(said.get("token"))))


def standing_hook(client: Client, channel: str, *, url: str, remote_id: str) -> StandingHook | None:
    listed = _ours(client, channel, url=url, remote_id=remote_id)
    facts = (_facts(each, channel) for each in listed)
    return StandingHook.among(facts, url=url, remote_id=remote_id)


def _facts(hook: Mapping[str, Any], channel: str) -> StandingHook:
    has_kind = hook.get("content_type") == KIND and hook.get("trigger_when") == WHOLE_WORD
    return StandingHook(
        remote_id=_id(hook),
        url=" ".join(lines(hook.get("callback_urls"))),
        events=frozenset(lines(hook.get("trigger_words"))),
        sound=has_kind and line(hook.get("channel_id")) == parts(channel)[1],
    )


def destroy_hook(client: Client, channel: str, *, url: str, remote_id: str) -> None:
    for each in list(_ours(client, channel, url=url, remote_id=remote_id)):
        _remove(client, each)


def _remove(client: Client, hook: Mapping[str, Any]) -> None:
    """Somebody may have been quicker."""
    with suppress(Gone):
        client.delete(_one(hook))


def _ours(client: Client, channel: str, *, url: str, remote_id: str) -> Iterator[Mapping[str, Any]]:
    """Those of the team, since somebody may have moved one to another channel.
    https://developers.mattermost.com/api-documentation/#/operations/GetOutgoingWebhooks"""
    team, _ = parts(channel)
    for page in range(MOST_PAGES):
        asked = {"team_id": team, "page": page, "per_page": FULL}
        listed = records(client.get("/hooks/outgoing", params=asked).json)
        for each in listed:
            if _id(each) == remote_id or url in lines(each.get("callback_urls")):
                yield each
        if len(listed) < FULL:
            return


def _id(hook: Mapping[str, Any]) -> str:
    return line(hook.get("id"))


def _one(hook: Mapping[str, Any]) -> str:
    return f"/hooks/outgoing/{quote(_id(hook), safe='')}"
