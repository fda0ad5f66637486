"""Slack: log with /done, and see the team's entries in a channel."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, ClassVar

from idonethis.entries.models import Entry
from idonethis.integrations.base import (
    Account,
    Address,
    Choice,
    Client,
    Directory,
    Each,
    Ended,
    Event,
    FollowsUp,
    Hmac,
    Hook,
    Link,
    Note,
    OAuth2,
    Pace,
    ReceivesForAll,
    Response,
    Sends,
    Stamp,
    fingerprint,
    posted,
)
from idonethis.partners.slack import (
    channels,
    commands,
    events,
    forms,
    interactions,
    manifest,
    posting,
)
from idonethis.partners.slack.account import account
from idonethis.partners.slack.payload import Sent
from idonethis.partners.slack.refusals import ANSWERS

READERS: Mapping[str, Callable[[Sent], Iterator[Event]]] = {
    "command": commands.read,
    "block_actions": interactions.pressed,
    "message_action": interactions.shortcut,
    "app_uninstalled": events.uninstalled,
    "tokens_revoked": events.revoked,
}
NOTES: Mapping[str, Callable[[Sent, Ended, Directory], Note | None]] = {
    "command": commands.note,
    "block_actions": interactions.answered,
    "message_action": interactions.logged,
}


class Slack(FollowsUp, ReceivesForAll, Sends):
    name = "Slack"
    category = "Chat"
    tagline = "Log with /done, and see the team's entries in a channel."
    link_form = forms.SlackForm
    addresses: ClassVar = {"web": "https://slack.com", "api": "https://slack.com/api"}
    # https://docs.slack.dev/apis/web-api/rate-limits#posting-messages
    paces = (Pace(1, each=Each.PLACE),)
    answers = ANSWERS
    # https://docs.slack.dev/authentication/installing-with-oauth
    oauth = OAuth2(
        authorize_url="{web}/oauth/v2/authorize",
        token_url="{api}/oauth.v2.access",  # noqa: S106
        scopes=tuple(manifest.SCOPES),
        scope_separator=",",
        pkce=False,
    )
    reads = ("the names of channels, to pick one", "what people give to /done and “Log this”")
    writes = ("messages in the channel that you pick",)
    # https://docs.slack.dev/interactivity/handling-user-interaction#message_responses
    note_hosts = ("hooks.slack.com", "hooks.slack-gov.com")
    # https://docs.slack.dev/authentication/verifying-requests-from-slack
    signature = Hmac(
        "X-Slack-Signature",
        prefix="v0=",
        template="v0:{timestamp}:{body}",
        stamp=Stamp("X-Slack-Request-Timestamp"),
    )

    def short_name(self, link: Link) -> str:
        return forms.channel_name(link.config) or link.subject or self.name

    def summary(self, link: Link) -> str:
        what = posted(link.config) if forms.channel(link.config) else ""
        return f"Logs /done; posts {what} there." if what else "Logs /done, /goal and /blocker."

    def subject(self, config: Mapping[str, Any]) -> str:
        return forms.channel(config)

    def identify(self, token: Mapping[str, Any], client: Client) -> Account:
        return account(token)

    def choices(self, field: str, query: str, client: Client) -> Sequence[Choice]:
        return channels.matching(client, query)

    def check(self, config: Mapping[str, Any], client: Client) -> None:
        channels.check(client, forms.channel(config))

    def manifest(self, base_url: str, hook_url: str, callback_url: str) -> str:
        return manifest.text(hook_url, callback_url)

    def check_readable(self, hook: Hook) -> None:
        Sent.of(hook)

    def challenge(self, hook: Hook) -> Response | None:
        """https://docs.slack.dev/reference/events/url_verification, and the look at our certificate
        that Slack takes now and then."""
        sent = Sent.of(hook)
        if sent.kind == "url_verification":
            return Response(body=sent.text("challenge")[:1000].encode())
        return Response() if sent.kind == "ssl_check" else None

    def delivery_key(self, hook: Hook) -> str:
        """An event keeps its id when it is sent again; nothing else is sent again."""
        sent = Sent.of(hook)
        given = sent.text("event_id") or sent.text("trigger_id")
        return given or fingerprint(hook.body)

    def event(self, hook: Hook) -> str:
        return Sent.of(hook).event[:80]

    def addressee(self, hook: Hook) -> Address:
        return Sent.of(hook).address

    def reply(self, hook: Hook, directory: Directory) -> Response:
        sent = Sent.of(hook)
        return commands.reply(sent, directory) if sent.kind == "command" else Response()

    def hook(self, hook: Hook, link: Link) -> Iterator[Event]:
        sent = Sent.of(hook)
        yield from READERS.get(sent.kind, events.other)(sent)

    def note(self, hook: Hook, ended: Ended, directory: Directory) -> Note | None:
        sent = Sent.of(hook)
        if sent.kind not in NOTES or not sent.text("response_url"):
            return None
        return NOTES[sent.kind](sent, ended, directory)

    def wants(self, entry: Entry, link: Link) -> bool:
        return forms.posts(entry.kind, link.config)

    def deliver(self, entry: Entry, link: Link, client: Client) -> str:
        return posting.post(entry, link, client)

    def update(self, entry: Entry, link: Link, client: Client, *, reference: str) -> None:
        posting.update(entry, client, reference)

    def retract(self, link: Link, client: Client, *, reference: str) -> None:
        posting.retract(client, reference)


integration = Slack()
