"""Matrix: the team's entries in a room, by an account that is in it.

https://spec.matrix.org/latest/client-server-api/#sending-events-to-a-room"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar
from urllib.parse import quote

from django import forms

from idonethis.entries.models import Entry
from idonethis.integrations.base import (
    Account,
    Answers,
    Choice,
    Client,
    CredentialsForm,
    Failed,
    Gone,
    Link,
    Message,
    NeedsReconnect,
    PostsForm,
    Refusal,
    SendsToPicked,
    line,
    record,
    shortened,
)

#: An event holds 65,536 bytes with all that belongs to it, and a sign up to four.
LONGEST = 8_000
#: How many rooms are asked for their names: each is a call.
MOST_ROOMS = 20


class MatrixCredentials(CredentialsForm):
    homeserver = forms.URLField(
        label="Address of the homeserver", max_length=300, assume_scheme="https", initial=""
    )
    token = forms.CharField(
        label="Access token",
        max_length=500,
        initial="",
        help_text="Of the account that is to post: in Element under Settings → Help & About → "
        "Advanced. Better of an account made for this.",
    )


class MatrixForm(PostsForm):
    picks: ClassVar[tuple[str, ...]] = ("room",)

    #: The room's id, and after a bar its name.
    room = forms.CharField(max_length=400, required=False, initial="")


class Matrix(SendsToPicked):
    name = "Matrix"
    category = "Chat"
    tagline = "The team’s entries are posted in a room, and follow edits and removals."
    link_form = MatrixForm
    place = "room"
    credentials = MatrixCredentials
    reads = ("the names of the rooms in which the account is, to pick one",)
    writes = ("messages in the room that you pick",)
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

    def headers(self, secrets: Mapping[str, Any]) -> dict[str, str]:
        return {"Authorization": f"Bearer {secrets.get('token', '')}"}

    def introduced(self, typed: Mapping[str, Any], client: Client) -> Account:
        """What it is called at Matrix, ``@name:server``, is one of a kind in the whole world."""
        uid = line(record(client.get("/account/whoami").json).get("user_id"))
        return Account(uid=uid, login=uid, secrets=dict(typed))

    def choices(self, field: str, query: str, client: Client) -> Sequence[Choice]:
        joined = record(client.get("/joined_rooms").json).get("joined_rooms")
        rooms = [line(each) for each in joined if each] if isinstance(joined, list) else []
        named = [(room, _name(client, room)) for room in rooms[:MOST_ROOMS]]
        return [
            Choice(f"{room}|{name}", name, hint=room)
            for room, name in named
            if query.lower() in name.lower()
        ]

    def deliver(self, entry: Entry, link: Link, client: Client) -> str:
        """The transaction is named after the entry: a call that is repeated counts once."""
        return _send(client, link.subject, f"{entry.hash_id}-posted", content(entry))

    def update(self, entry: Entry, link: Link, client: Client, *, reference: str) -> None:
        """https://spec.matrix.org/latest/client-server-api/#event-replacements"""
        new = content(entry)
        relation = {"rel_type": "m.replace", "event_id": reference}
        body = {**new, "body": f"* {new['body']}", "m.new_content": new, "m.relates_to": relation}
        _send(client, link.subject, f"{entry.hash_id}-{entry.revision}", body)

    def retract(self, link: Link, client: Client, *, reference: str) -> None:
        path = f"/rooms/{_quoted(link.subject)}/redact/{_quoted(reference)}/{_quoted(reference)}"
        client.call("PUT", path, json={})


def _name(client: Client, room: str) -> str:
    try:
        said = client.get(f"/rooms/{_quoted(room)}/state/m.room.name").json
    except Failed:
        return room
    return line(record(said).get("name")) or room


def _send(client: Client, room: str, transaction: str, body: Mapping[str, Any]) -> str:
    path = f"/rooms/{_quoted(room)}/send/m.room.message/{_quoted(transaction)}"
    return line(record(client.call("PUT", path, json=body).json).get("event_id"))


def _quoted(part: str) -> str:
    return quote(part, safe="")


def content(entry: Entry) -> dict[str, Any]:
    """A notice, which no bot answers, that mentions nobody, whatever stands in it.
    https://spec.matrix.org/latest/client-server-api/#user-and-room-mentions"""
    body = shortened(Message.of(entry).plain, LONGEST)
    return {"msgtype": "m.notice", "body": body, "m.mentions": {}}


integration = Matrix()
