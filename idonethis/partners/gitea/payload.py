"""Reading what Gitea and Forgejo say: https://docs.gitea.com/usage/repository/webhooks

Each server counts its people and things from one, so all ids begin with its name."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from idonethis.integrations.base import Actor, json_object, line, record, records
from idonethis.integrations.kits.servers import own_id

#: What runs in an action does so as one of these.
#: https://docs.gitea.com/usage/actions/faq
BOTS = ("gitea-actions", "forgejo-actions")


@dataclass(frozen=True)
class Payload:
    body: Mapping[str, Any]

    @classmethod
    def of(cls, body: Any) -> Payload:
        return cls(json_object(body, "An event of Gitea or Forgejo"))

    def __getitem__(self, name: str) -> Mapping[str, Any]:
        return record(self.body.get(name))

    @property
    def action(self) -> str:
        return line(self.body.get("action"))

    @property
    def repository(self) -> str:
        """``owner/name``, for people. Keys use the id: repositories are renamed and moved."""
        return line(self["repository"].get("full_name")) or "a repository"

    @property
    def repository_id(self) -> str:
        return self.named(self["repository"].get("id")) or self.repository

    @property
    def default_branch(self) -> str:
        return line(self["repository"].get("default_branch"))

    @property
    def web_url(self) -> str:
        return line(self["repository"].get("html_url"))

    def named(self, number: Any) -> str:
        return own_id(self.web_url, number)

    @property
    def sender(self) -> Actor:
        """Who did it: never a name that somebody wrote into a commit."""
        return self.person(self["sender"]) if self["sender"] else self.person(self["pusher"])

    def person(self, said: Any) -> Actor:
        """Nobody, where the account was deleted: it has a negative id then, as actions have. Few
        servers have their people verify mail addresses, so none is vouched for."""
        known = record(said)
        login, number = line(known.get("login")) or line(known.get("username")), known.get("id")
        bot = login in BOTS or login.endswith("[bot]")
        is_gone = isinstance(number, int) and number < 0 and not bot
        if is_gone or not (number or login):
            return Actor()
        uid = self.named(number or login)
        return Actor(uid, login, line(known.get("full_name")), line(known.get("email")), bot)

    def titled(self, verb: str, thing: Mapping[str, Any]) -> str:
        number = line(thing.get("number"))
        which = f" (#{number})" if number else ""
        return f"{verb} “{line(thing.get('title')) or 'untitled'}”{which}"

    def url(self, thing: Mapping[str, Any], path: str) -> str:
        """Of issues, old servers tell the address of their API alone."""
        number = line(thing.get("number"))
        page = f"{self.web_url}/{path}/{number}" if self.web_url and number else ""
        return line(thing.get("html_url")) or page


def labels(thing: Mapping[str, Any]) -> tuple[str, ...]:
    return tuple(line(each.get("name")) for each in records(thing.get("labels")))
