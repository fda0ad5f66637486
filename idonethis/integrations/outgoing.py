"""Integrations that carry entries to a partner. Each method makes its calls through ``client`` and
raises Again or Never; text of people must be escaped for the partner."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Any
from urllib.parse import urlsplit

from django import forms

from idonethis.entries.models import Entry
from idonethis.integrations.answers import Refusal
from idonethis.integrations.http import Client, Gone, NeedsReconnect
from idonethis.integrations.kinds import Integration
from idonethis.integrations.messages import (
    AddressForm,
    ChannelForm,
    PostsForm,
    posted,
    posts,
)
from idonethis.integrations.picks import Picks
from idonethis.integrations.signatures import fingerprint
from idonethis.integrations.terms import Link, LinkForm
from idonethis.integrations.values import Account

#: How accounts begin that are no more than the address of an incoming webhook.
BY_ADDRESS = "webhook:"
#: What such an address tells of a post, which nothing can change.
POSTED = "posted"
#: What it means where an address lets nobody in any more.
ADDRESS_REFUSED = (
    Refusal(Gone, (404,), sentence="The webhook is gone at {partner}."),
    Refusal(
        NeedsReconnect,
        (401, 403),
        sentence="{partner} takes this webhook address no longer ({status}).",
    ),
)


class Posts(Integration):
    """What is posted stays as it is: this partner lets nobody change it."""

    link_form: type[LinkForm] = PostsForm

    def summary(self, link: Link) -> str:
        return f"Posts {posted(link.config) or 'nothing'} there."

    def wants(self, entry: Entry, link: Link) -> bool:
        """Whether this entry goes out by this link; asked again after every change."""
        return posts(entry.kind, link.config)

    def deliver(self, entry: Entry, link: Link, client: Client) -> str:
        """Posts the entry; returns the partner's name of the post, which must not be empty."""
        raise NotImplementedError


class PostsToAddress(Posts):
    """Posts to an incoming webhook: an address that leads to one channel, lets in whoever knows it,
    and tells nothing, neither about itself nor about what was posted."""

    link_form = ChannelForm
    credentials: type[forms.Form] | None = AddressForm
    writes: tuple[str, ...] = ("messages in the channel to which the webhook belongs",)

    def subject(self, config: Mapping[str, Any]) -> str:
        return str(config.get("channel") or "")

    def base(self, secrets: Mapping[str, Any]) -> str:
        return str(secrets.get("url") or "")

    def headers(self, secrets: Mapping[str, Any]) -> dict[str, str]:
        return {}

    def introduced(self, typed: Mapping[str, Any], client: Client) -> Account:
        """A first message shows whether the address is right."""
        client.post("", json=self.written("I Done This may post here now."))
        url = str(typed["url"])
        uid = f"{BY_ADDRESS}{fingerprint(url.encode())[:32]}"
        return Account(uid=uid, name=urlsplit(url).netloc, secrets={"url": url})

    def deliver(self, entry: Entry, link: Link, client: Client) -> str:
        client.post("", json=self.written(self.text(entry)))
        return POSTED

    def written(self, text: str) -> Mapping[str, Any]:
        """The body of a request that posts this text."""
        return {"text": text}

    def text(self, entry: Entry) -> str:
        """The entry in the partner's own way of writing."""
        raise NotImplementedError


class Sends(Posts):
    """Posts follow edits and removals. A post that is gone at the partner is ``Vanished``, which is
    no failure."""

    def follows(self, reference: str) -> bool:
        """Whether the post with this name can be changed there at all."""
        return True

    def update(self, entry: Entry, link: Link, client: Client, *, reference: str) -> None:
        raise NotImplementedError

    def retract(self, link: Link, client: Client, *, reference: str) -> None:
        """Removes the post."""
        raise NotImplementedError


class News(StrEnum):
    """What has happened to an entry since the partner was told of it last."""

    CREATED = "entry_created"
    UPDATED = "entry_updated"
    DELETED = "entry_deleted"


class Tells(Posts):
    """Tells what happens to entries, those from before the link, too; nothing stands there."""

    def hears(self, news: News, link: Link) -> bool:
        """Whether such news go out by this link."""
        raise NotImplementedError

    def tell(self, news: News, entry: Entry, link: Link, client: Client) -> str:
        """Returns the name of the message, which must not be empty. After a failure, or if nobody
        knows whether it arrived, the same may be told again."""
        raise NotImplementedError

    def deliver(self, entry: Entry, link: Link, client: Client) -> str:
        return self.tell(News.CREATED, entry, link, client)


class SendsToPicked(Picks, Sends):
    """To one place at the partner. Without one, nothing is posted."""

    def wants(self, entry: Entry, link: Link) -> bool:
        return bool(link.subject) and super().wants(entry, link)
