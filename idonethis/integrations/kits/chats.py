"""Chats that people run themselves, into which two ways lead. The address of an incoming webhook
takes messages and tells nothing. A token shows where to post, lets posts follow edits, and makes
the webhook that tells what people say."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from idonethis.entries.models import Entry
from idonethis.integrations.base import (
    BY_ADDRESS,
    POSTED,
    Account,
    Choice,
    Client,
    Link,
    Message,
    Never,
    PostsToAddress,
    Registers,
    Sends,
    calling_nobody,
    in_markdown,
)
from idonethis.integrations.kits.chat_forms import ChatCredentials, ChatForm
from idonethis.integrations.kits.servers import OnServers
from idonethis.integrations.kits.talks import Talks

#: With which a message begins that is for us; partners compare letter for letter.
TRIGGERS = ("done", "Done", "goal", "Goal", "blocked", "Blocked")


class ChatOnServers(Talks, OnServers, Registers, PostsToAddress, Sends):
    credentials = ChatCredentials
    link_form = ChatForm
    place = "channel"
    #: What stands on both sides of what is to be bold.
    bold: str

    def base(self, secrets: Mapping[str, Any]) -> str:
        by = OnServers if secrets.get("token") else PostsToAddress
        return by.base(self, secrets)

    def headers(self, secrets: Mapping[str, Any]) -> dict[str, str]:
        return self.proof(secrets) if secrets.get("token") else {}

    def proof(self, secrets: Mapping[str, Any]) -> dict[str, str]:
        """How a call shows the token."""
        raise NotImplementedError

    def introduced(self, typed: Mapping[str, Any], client: Client) -> Account:
        """What the chat tells of people names no server, so an account at one is not taken for whom
        it tells of: anybody could run a server that says so."""
        by = OnServers if typed.get("token") else PostsToAddress
        return by.introduced(self, typed, client)

    def choices(self, field: str, query: str, client: Client) -> Sequence[Choice] | None:
        return self.channels(client, query) if self._is_let_in(client) else None

    def channels(self, client: Client, query: str) -> Sequence[Choice]:
        """Those with the query in their name."""
        raise NotImplementedError

    def _is_let_in(self, client: Client) -> bool:
        """By a token, and not by the address of a webhook."""
        return client.base_url.endswith(self.api_path)

    def check(self, config: Mapping[str, Any], client: Client) -> None:
        if not self._is_let_in(client):
            return
        if not self.subject(config):
            raise Never(f"Pick the {self.place} in which entries are to be posted.")
        self.named(client, self.subject(config))

    def hook_subject(self, config: Mapping[str, Any], uid: str) -> str:
        is_wanted = config.get("hears", True) and not uid.startswith(BY_ADDRESS)
        return self.subject(config) if is_wanted else ""

    def hears(self, link: Link) -> bool:
        """Also by what was made by hand."""
        return bool(link.config.get("hears", True))

    def quoted(self, text: str) -> str:
        return calling_nobody(in_markdown(text))

    def text(self, entry: Entry) -> str:
        said, bold = Message.of(entry), self.bold
        head = f"{said.sign} {bold}{said.word}{bold} · {in_markdown(said.who)}"
        quiet = calling_nobody(f"{head}\n{in_markdown(said.body)}")
        # An address calls nobody, and must stay what it is.
        return "\n".join([quiet, *filter(None, [said.url])])

    def deliver(self, entry: Entry, link: Link, client: Client) -> str:
        if not self._is_let_in(client):
            return super().deliver(entry, link, client)
        return self.post(client, self.named(client, link.subject), self.text(entry))

    def follows(self, reference: str) -> bool:
        return reference != POSTED

    def update(self, entry: Entry, link: Link, client: Client, *, reference: str) -> None:
        channel = self.named(client, link.subject)
        self.rewrite(client, channel, self.text(entry), reference=reference)

    def retract(self, link: Link, client: Client, *, reference: str) -> None:
        self.take_back(client, self.named(client, link.subject), reference=reference)

    def post(self, client: Client, channel: str, text: str) -> str:
        """Returns the partner's name of the message."""
        raise NotImplementedError

    def rewrite(self, client: Client, channel: str, text: str, *, reference: str) -> None:
        raise NotImplementedError

    def take_back(self, client: Client, channel: str, *, reference: str) -> None:
        raise NotImplementedError
