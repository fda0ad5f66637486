"""Feeds: each new item of an RSS or Atom feed becomes a done.

https://www.rssboard.org/rss-specification, https://www.rfc-editor.org/rfc/rfc4287"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

from django import forms

from idonethis.integrations.base import (
    NOBODY,
    Actor,
    Answer,
    Client,
    Draft,
    Event,
    Hook,
    Ignored,
    Link,
    LinkForm,
    Never,
    Polled,
    Polls,
    Reason,
    instant,
    json_object,
    line,
)
from idonethis.partners.feed.items import Items
from idonethis.partners.feed.refusals import ANSWERS

MOVED = (301, 302, 303, 307, 308)


class FeedForm(LinkForm):
    url = forms.URLField(
        label="Address of the feed",
        required=False,
        initial="",
        max_length=1000,
        assume_scheme="https",
        help_text="RSS or Atom. What stands in it already is not logged.",
    )
    name = forms.CharField(
        required=False, initial="", max_length=60, help_text="Such as “Our blog”."
    )


class Feed(Polls):
    name = "RSS or Atom feed"
    category = "Anything"
    tagline = "Each new item of a feed becomes a done: a post, a release, an episode."
    link_form = FeedForm
    answers = ANSWERS
    every = timedelta(minutes=15)

    def subject(self, config: Mapping[str, Any]) -> str:
        return str(config.get("url") or "")

    def short_name(self, link: Link) -> str:
        return str(link.config.get("name") or urlsplit(link.subject).netloc or self.name)

    def came_from(self, link: Link) -> str:
        return self.short_name(link)

    def summary(self, link: Link) -> str:
        return "Logs each new item of the feed, about every quarter of an hour."

    def check(self, config: Mapping[str, Any], client: Client) -> None:
        """Only what is a feed can be linked, and the form may be left empty by nobody."""
        if not config.get("url"):
            raise Never("Type the address of the feed.")
        Items.of(self._fetched(client, str(config["url"]), {}).body)

    def poll(self, client: Client, link: Link, cursor: Mapping[str, Any]) -> Polled:
        """What the feed did not hold the last time. At first that is everything, and nothing of it
        is news."""
        answer = self._fetched(client, link.subject, cursor)
        if answer.status == 304:
            return Polled(cursor=cursor)
        items = Items.of(answer.body)
        fresh = items.hooks(without=cursor["seen"]) if "seen" in cursor else ()
        names = ("etag", "last-modified")
        kept = {name: answer.headers[name] for name in names if name in answer.headers}
        return Polled(fresh, {**kept, "seen": items.ids})

    def _fetched(self, client: Client, url: str, cursor: Mapping[str, Any]) -> Answer:
        """Nothing where nothing has changed: https://www.rfc-editor.org/rfc/rfc9110#section-13"""
        since = {"If-None-Match": "etag", "If-Modified-Since": "last-modified"}
        client.headers |= {name: cursor[key] for name, key in since.items() if cursor.get(key)}
        answer = client.send("GET", url)
        if answer.status in MOVED:
            there = line(answer.headers.get("location"))
            raise Never(f"The feed has moved to {there[:200]}. Type that address instead.")
        if answer.status != 304:
            client.judge(answer, url)
        return answer

    def delivery_key(self, hook: Hook) -> str:
        return line(item(hook).get("id"))

    def hook(self, hook: Hook, link: Link) -> Iterator[Event]:
        said = item(hook)
        title = line(said.get("title"))
        if not title:
            yield Ignored(Reason.UNSUPPORTED, "The item has no title.")
            return
        author = line(said.get("author"))
        yield Draft(
            body=title,
            key=f"{link.subject}:{line(said.get('id'))}"[:250],
            url=line(said.get("link")),
            occurred_at=instant(said.get("published")),
            actor=Actor(uid=author, login=author) if author else NOBODY,
        )


def item(hook: Hook) -> Mapping[str, Any]:
    return json_object(hook.json, "An item")


integration = Feed()
