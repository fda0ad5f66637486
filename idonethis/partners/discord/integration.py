"""Discord: log with /done, and see the team's entries in a channel.

https://docs.discord.com/developers/resources/webhook and, for what people say,
https://docs.discord.com/developers/interactions/receiving-and-responding"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from idonethis.entries.models import Entry
from idonethis.integrations.base import (
    Account,
    Actor,
    AddressForm,
    Again,
    Answers,
    ChannelForm,
    Client,
    Each,
    Gone,
    Hook,
    Link,
    Message,
    NeedsReconnect,
    Never,
    Pace,
    PublicKey,
    Refusal,
    Response,
    Sends,
    Stamp,
    Vanished,
    in_markdown,
    line,
    record,
    records,
    shortened,
)
from idonethis.integrations.kits.talks import Said, Talks
from idonethis.integrations.kits.words import Words

#: https://docs.discord.com/developers/resources/webhook#execute-webhook
LONGEST = 2000
#: Nobody is called, and nothing unfolds by itself (the flag SUPPRESS_EMBEDS).
QUIET: dict[str, Any] = {"allowed_mentions": {"parse": []}, "flags": 4}
#: Kinds of interactions, and of responses to them; and the flag of what one person alone sees.
PING, COMMAND = 1, 2
PONG, MESSAGE = 1, 4
EPHEMERAL = 64


class Discord(Talks, Sends):
    name = "Discord"
    category = "Chat"
    tagline = "Log with /done, and see the team’s entries in a channel, where they follow edits."
    their_secret = "Discord shows it on the page of the application, as its public key."  # noqa: S105
    # https://docs.discord.com/developers/interactions/overview#setting-up-an-endpoint
    signature = PublicKey("X-Signature-Ed25519", Stamp("X-Signature-Timestamp"))
    link_form = ChannelForm
    credentials = AddressForm
    addresses: ClassVar = {"web": "https://discord.com"}
    writes = ("messages in the channel to which the webhook belongs",)
    # https://docs.discord.com/developers/topics/rate-limits says how many in all; of each webhook,
    # its answers say it.
    paces = (Pace(5, per=2), Pace(50, each=Each.APPLICATION))
    answers = Answers(
        source="https://docs.discord.com/developers/topics/opcodes-and-status-codes",
        word="message",
        refusals=(
            Refusal(
                Vanished, (404,), ("unknown message",), sentence="The message is gone at {partner}."
            ),
            Refusal(
                Gone,
                (404,),
                ("unknown webhook", "unknown channel"),
                sentence="The webhook or its channel is gone at {partner}.",
            ),
            Refusal(
                NeedsReconnect,
                (401,),
                sentence="{partner} takes this webhook address no longer ({status}).",
            ),
            Refusal(Again, (429,), sentence="{partner} takes no more messages just now.", after=1),
        ),
    )

    def challenge(self, hook: Hook) -> Response | None:
        return Response.json({"type": PONG}) if record(hook.json).get("type") == PING else None

    def said(self, hook: Hook) -> Said | None:
        """In a channel whoever typed it is a member; in a direct message, a user."""
        body = record(hook.json)
        if body.get("type") != COMMAND:
            return None
        data = record(body.get("data"))
        typed = [str(each.get("value") or "") for each in records(data.get("options"))]
        words = Words.of_command(line(data.get("name")), "\n".join(typed))
        return Said(actor_in(body), words, line(body.get("id")))

    def answered(self, text: str, hook: Hook) -> Mapping[str, Any]:
        """Only who typed the command sees it."""
        quiet = {**QUIET, "flags": QUIET["flags"] | EPHEMERAL}
        return {"type": MESSAGE, "data": {"content": shortened(text, LONGEST), **quiet}}

    def quoted(self, text: str) -> str:
        return in_markdown(text)

    def subject(self, config: Mapping[str, Any]) -> str:
        return str(config.get("channel") or "")

    def base(self, secrets: Mapping[str, Any]) -> str:
        return str(secrets.get("url") or self.address("web")).partition("?")[0]

    def headers(self, secrets: Mapping[str, Any]) -> dict[str, str]:
        return {}

    def introduced(self, typed: Mapping[str, Any], client: Client) -> Account:
        if not typed["url"].startswith(f"{self.address('web')}/api/webhooks/"):
            raise Never(f"A webhook of Discord begins with {self.address('web')}/api/webhooks/.")
        found = record(client.get("").json)
        name = line(found.get("name"))
        return Account(uid=f"webhook:{line(found.get('id'))}", name=name, secrets=dict(typed))

    def deliver(self, entry: Entry, link: Link, client: Client) -> str:
        """Only who waits hears the message’s id."""
        said = client.call(
            "POST", "", params={"wait": "true"}, json={"content": text(entry), **QUIET}
        )
        return line(record(said.json).get("id"))

    def update(self, entry: Entry, link: Link, client: Client, *, reference: str) -> None:
        client.patch(f"/messages/{reference}", json={"content": text(entry), **QUIET})

    def retract(self, link: Link, client: Client, *, reference: str) -> None:
        client.delete(f"/messages/{reference}")


def actor_in(body: Mapping[str, Any]) -> Actor:
    user = record(record(body.get("member")).get("user")) or record(body.get("user"))
    login, name = line(user.get("username")), line(user.get("global_name"))
    return Actor(line(user.get("id")), login=login, name=name)


def text(entry: Entry) -> str:
    said = Message.of(entry)
    lines = [f"{said.sign} **{said.word}** · {in_markdown(said.who)}", in_markdown(said.body)]
    return shortened("\n".join([*lines, said.url] if said.url else lines), LONGEST)


integration = Discord()
