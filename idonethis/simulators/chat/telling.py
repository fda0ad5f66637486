"""How pretend partners with outgoing webhooks tell of what people say."""

from __future__ import annotations

import base64
import hmac
import json
from html import escape

from .voice import Sent, Utterance, stamp


def told_by_mattermost(said: Utterance) -> Sent:
    """https://developers.mattermost.com/integrate/slash-commands/custom/ and
    https://developers.mattermost.com/integrate/webhooks/outgoing/"""
    about = {
        "channel_id": said.room,
        "channel_name": said.title,
        "team_domain": "engines",
        "team_id": "eng1842eng1842eng1842eng1842",
        "token": said.secret,
        "user_id": f"{said.person.login}{said.person.number}user",
        "user_name": said.person.login,
    }
    if said.command:
        name, text = said.command
        more = {"command": name, "text": text, "trigger_id": f"trigger{said.number}"}
        return Sent.form({**about, **more}, Authorization=f"Token {said.secret}")
    word = said.text.partition(" ")[0]
    more = {"post_id": f"post{said.number}", "text": said.text, "trigger_word": word}
    return Sent.json({**about, **more, "timestamp": said.now * 1000, "file_ids": ""})


def told_by_rocket_chat(said: Utterance) -> Sent:
    """https://docs.rocket.chat/docs/integrations: the time is of the message, edited or not."""
    body = {
        "token": said.secret,
        "bot": False,
        "trigger_word": said.text.partition(" ")[0],
        "channel_id": said.room,
        "channel_name": said.title,
        "message_id": f"rcMessage{said.number}",
        "timestamp": stamp(said.now),
        "user_id": f"rc{said.person.number}",
        "user_name": said.person.login,
        "text": said.text,
        "siteUrl": "https://chat.engines.example.org",
    }
    return Sent.json({**body, "isEdited": True} if said.edited else body)


def told_by_teams(said: Utterance) -> Sent:
    """https://learn.microsoft.com/microsoftteams/platform/webhooks-and-connectors/how-to/add-outgoing-webhook"""
    body = {
        "type": "message",
        "id": str(said.number),
        "timestamp": stamp(said.now),
        "channelId": "msteams",
        "from": {
            "id": f"29:{said.person.login}",
            "name": said.person.name,
            "aadObjectId": f"aad-{said.person.number}",
        },
        "conversation": {"id": f"19:done@thread.tacv2;messageid={said.number}"},
        "text": f"<at>I Done This</at> {escape(said.text)}\n",
    }
    raw = json.dumps(body).encode()
    digest = hmac.digest(base64.b64decode(said.secret), raw, "sha256")
    return Sent.json(body, Authorization=f"HMAC {base64.b64encode(digest).decode()}")
