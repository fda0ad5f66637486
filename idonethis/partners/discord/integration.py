"""Discord: the team's entries in a channel, by a webhook of that channel.

https://docs.discord.com/developers/resources/webhook"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from idonethis.entries.models import Entry
from idonethis.integrations.base import (
    Account,
    AddressForm,
    Again,
    Answers,
    ChannelForm,
    Client,
    Gone,
    Link,
    Message,
    NeedsReconnect,
    Never,
    Refusal,
    Sends,
    Vanished,
    in_markdown,
    line,
    record,
    shortened,
)

#: https://docs.discord.com/developers/resources/webhook#execute-webhook
LONGEST = 2000
#: Nobody is called, and nothing unfolds by itself (the flag SUPPRESS_EMBEDS).
QUIET: dict[str, Any] = {"allowed_mentions": {"parse": []}, "flags": 4}


class Discord(Sends):
    name = "Discord"
    category = "Chat"
    tagline = "The team’s entries are posted in a channel, and follow edits and removals."
    link_form = ChannelForm
    credentials = AddressForm
    addresses: ClassVar = {"web": "https://discord.com"}
    writes = ("messages in the channel to which the webhook belongs",)
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


def text(entry: Entry) -> str:
    said = Message.of(entry)
    lines = [f"{said.sign} **{said.word}** · {in_markdown(said.who)}", in_markdown(said.body)]
    return shortened("\n".join([*lines, said.url] if said.url else lines), LONGEST)


integration = Discord()
