"""Matrix: log by a word in a room, and see the team's entries there, by an account that is in it.

https://spec.matrix.org/latest/client-server-api/#sending-events-to-a-room and, for what people say,
https://spec.matrix.org/latest/client-server-api/#syncing"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from functools import partial
from typing import Any

from idonethis.entries.models import Entry
from idonethis.integrations.base import (
    Account,
    Answers,
    Choice,
    Client,
    Converses,
    Directory,
    Gone,
    Hook,
    Link,
    Message,
    NeedsReconnect,
    Never,
    Pace,
    Polled,
    Refusal,
    SendsToPicked,
    fingerprint,
    line,
    record,
    shortened,
)
from idonethis.integrations.kits.talks import SAID, Listens, Said
from idonethis.partners.matrix import events, rooms
from idonethis.partners.matrix.forms import MatrixCredentials, MatrixForm

#: An event holds 65,536 bytes with all that belongs to it, and a sign up to four.
LONGEST = 8_000
#: How many rooms are asked for their names: each is a call.
MOST_ROOMS = 20
ENCRYPTED = (
    "This room is encrypted, so this server cannot read what is said in it. Pick another room, or "
    "leave “Log what people say there” out."
)


class Matrix(Listens, Converses, SendsToPicked):
    name = "Matrix"
    category = "Chat"
    tagline = (
        "“done …” in a room is logged with a receipt; entries are posted there. Both follow edits."
    )
    link_form = MatrixForm
    place = "room"
    credentials = MatrixCredentials
    every = timedelta(seconds=10)
    reads = ("the names of the rooms in which the account is, to pick one", SAID)
    writes = ("messages in the room that you pick",)
    bearer = "token"
    # https://element-hq.github.io/synapse/latest/usage/configuration/config_documentation.html#rc_message
    paces = (Pace(12, per=60, burst=10),)
    answers = Answers(
        source="https://spec.matrix.org/latest/client-server-api/#standard-error-response",
        word="errcode",
        refusals=(
            Refusal(
                NeedsReconnect,
                (401, 403),
                ("m_unknown_token", "m_missing_token", "m_user_deactivated"),
                sentence="{partner} takes the access token no longer ({word}).",
            ),
            Refusal(
                Gone,
                (403, 404),
                ("m_forbidden", "m_not_found"),
                sentence="The account is not in the room any more ({word}).",
            ),
        ),
    )

    def base(self, secrets: Mapping[str, Any]) -> str:
        return f"{str(secrets.get('homeserver') or '').rstrip('/')}/_matrix/client/v3"

    def introduced(self, typed: Mapping[str, Any], client: Client) -> Account:
        """What it is called at Matrix, ``@name:server``, is one of a kind in the whole world."""
        uid = line(record(client.get("/account/whoami").json).get("user_id"))
        return Account(uid=uid, login=uid, secrets=dict(typed))

    def choices(self, field: str, query: str, client: Client) -> Sequence[Choice]:
        listed = record(client.get("/joined_rooms").json).get("joined_rooms")
        joined = [line(each) for each in listed if each] if isinstance(listed, list) else []
        named = [(room, rooms.name_of(client, room)) for room in joined[:MOST_ROOMS]]
        return [
            Choice(f"{room}|{name}", name, hint=room)
            for room, name in named
            if query.lower() in name.lower()
        ]

    def check(self, config: Mapping[str, Any], client: Client) -> None:
        room = self.subject(config)
        if room and config.get("hears") and rooms.is_encrypted(client, room):
            raise Never(ENCRYPTED)

    def hears(self, link: Link) -> bool:
        return bool(link.subject and link.config.get("hears"))

    def poll(self, client: Client, link: Link, cursor: Mapping[str, Any]) -> Polled:
        """Nobody is asked where nobody is heard; whoever is heard later begins anew."""
        if not self.hears(link):
            return Polled()
        room, since = link.subject, line(cursor.get("since"))
        found, until = rooms.news(client, room, since=since)
        said = events.hooks(found, room, sender_of=partial(rooms.sender_of, client, room))
        return Polled(tuple(said), {"since": until})

    def delivery_key(self, hook: Hook) -> str:
        return line(record(hook.json).get("id")) or super().delivery_key(hook)

    def said(self, hook: Hook) -> Said | None:
        return events.said(hook)

    def quoted(self, text: str) -> str:
        """Text is text, and a notice that says whom it mentions calls nobody else."""
        return text

    def answer(self, hook: Hook, directory: Directory, link: Link, client: Client) -> None:
        """A reply to the message, named after what it answers."""
        said, text = self.said(hook), self.told(hook, directory)
        if said and text:
            replied = {"m.relates_to": {"m.in_reply_to": {"event_id": said.mark}}}
            once = f"answer-{fingerprint(self.delivery_key(hook).encode())[:32]}"
            rooms.send(client, link.subject, once, {**notice(text), **replied})

    def deliver(self, entry: Entry, link: Link, client: Client) -> str:
        """The transaction is named after the entry: a call that is repeated counts once."""
        return rooms.send(client, link.subject, f"{entry.hash_id}-posted", content(entry))

    def update(self, entry: Entry, link: Link, client: Client, *, reference: str) -> None:
        """https://spec.matrix.org/latest/client-server-api/#event-replacements"""
        new = content(entry)
        relation = {"rel_type": "m.replace", "event_id": reference}
        body = {**new, "body": f"* {new['body']}", "m.new_content": new, "m.relates_to": relation}
        rooms.send(client, link.subject, f"{entry.hash_id}-{entry.revision}", body)

    def retract(self, link: Link, client: Client, *, reference: str) -> None:
        room, event = rooms.quoted(link.subject), rooms.quoted(reference)
        client.call("PUT", f"/rooms/{room}/redact/{event}/{event}", json={})


def content(entry: Entry) -> dict[str, Any]:
    return notice(Message.of(entry).plain)


def notice(text: str) -> dict[str, Any]:
    """Which no bot answers, and that mentions nobody, whatever stands in it.
    https://spec.matrix.org/latest/client-server-api/#user-and-room-mentions"""
    return {"msgtype": "m.notice", "body": shortened(text, LONGEST), "m.mentions": {}}


integration = Matrix()
