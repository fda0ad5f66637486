"""Slack: log with /done, and see the team's entries in a channel."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from idonethis.entries.models import Entry
from idonethis.integrations.base import (
    Account,
    Address,
    Choice,
    Client,
    Directory,
    Ended,
    Event,
    Hmac,
    Hook,
    Link,
    Note,
    OAuth2,
    Replies,
    Response,
    Sends,
    fingerprint,
)
from idonethis.partners.slack import client as api
from idonethis.partners.slack import commands, events, interactions, manifest, posting
from idonethis.partners.slack.forms import KINDS, SlackForm
from idonethis.partners.slack.payload import Sent

READERS: Mapping[str, Callable[[Sent], Iterator[Event]]] = {
    "command": commands.read,
    "block_actions": interactions.pressed,
    "message_action": interactions.shortcut,
    "app_uninstalled": events.uninstalled,
    "tokens_revoked": events.revoked,
}


class Slack(Replies, Sends):
    name = "Slack"
    category = "Chat"
    tagline = "Log with /done, and see the team's entries in a channel."
    link_form = SlackForm
    addresses = {"web": "https://slack.com", "api": "https://slack.com/api"}
    # https://docs.slack.dev/authentication/installing-with-oauth
    oauth = OAuth2(
        authorize_url="{web}/oauth/v2/authorize",
        token_url="{api}/oauth.v2.access",  # noqa: S106
        scopes=tuple(manifest.SCOPES),
        scope_separator=",",
        pkce=False,
    )
    reads = ("the names of channels, to pick one", "what people type after /done and its sisters")
    writes = ("messages in the channel you pick",)
    # https://docs.slack.dev/authentication/verifying-requests-from-slack
    signature = Hmac(
        "X-Slack-Signature",
        prefix="v0=",
        template="v0:{timestamp}:{body}",
        timestamp_header="X-Slack-Request-Timestamp",
    )

    def short_name(self, link: Link) -> str:
        _, _, name = str(link.config.get("channel") or "").partition("|")
        return f"#{name}" if name else link.subject or self.name

    def summary(self, link: Link) -> str:
        chosen = [name.lower() for kind, name in KINDS.items() if self._posts(kind, link)]
        posted = f" {', '.join(chosen)} are posted to {self.short_name(link)}." if chosen else ""
        return f"/done, /goal and /blocker work;{posted}" if posted else "/done, /goal, /blocker."

    def subject(self, config: Mapping[str, Any]) -> str:
        return str(config.get("channel") or "").partition("|")[0]

    def identify(self, token: Mapping[str, Any], client: Client) -> Account:
        return api.account(token)

    def choices(self, field: str, query: str, client: Client) -> Sequence[Choice]:
        return api.channels(client, query)

    def manifest(self, base_url: str, hook_url: str, callback_url: str) -> str:
        return manifest.text(hook_url, callback_url)

    def check_readable(self, hook: Hook) -> None:
        Sent.of(hook)

    def challenge(self, hook: Hook) -> Response | None:
        """https://docs.slack.dev/reference/events/url_verification"""
        sent = Sent.of(hook)
        return (
            Response(body=sent.text("challenge")[:1000].encode())
            if sent.kind == "url_verification"
            else None
        )

    def delivery_key(self, hook: Hook) -> str:
        sent = Sent.of(hook)
        if sent.kind == "command":
            return commands.key(sent)
        return sent.text("event_id") or sent.text("trigger_id") or fingerprint(hook.body)

    def event(self, hook: Hook) -> str:
        sent = Sent.of(hook)
        return sent.text("command")[:80] or sent.kind[:80]

    def addressee(self, hook: Hook) -> Address:
        return Sent.of(hook).address

    def reply(self, hook: Hook, directory: Directory) -> Response:
        sent = Sent.of(hook)
        return commands.reply(sent, directory) if sent.kind == "command" else Response()

    def hook(self, hook: Hook, link: Link) -> Iterator[Event]:
        sent = Sent.of(hook)
        yield from READERS.get(sent.kind, events.other)(sent)

    def note(self, hook: Hook, ended: Ended, directory: Directory) -> Note | None:
        return interactions.note(Sent.of(hook), ended, directory)

    def wants(self, entry: Entry, link: Link) -> bool:
        return self._posts(entry.kind, link)

    def _posts(self, kind: str, link: Link) -> bool:
        return bool(link.subject) and kind in link.config.get("kinds", KINDS)

    def deliver(self, entry: Entry, link: Link, client: Client) -> str:
        return posting.post(entry, link, client)

    def update(self, entry: Entry, link: Link, client: Client, *, reference: str) -> None:
        posting.update(entry, client, reference)

    def retract(self, link: Link, client: Client, *, reference: str) -> None:
        posting.retract(client, reference)


integration = Slack()
