"""What Bitbucket Data Center says of pull requests:
https://confluence.atlassian.com/bitbucketserver/event-payload-938025882.html

Each server counts its people from one, so their ids begin with its name."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from idonethis.integrations.base import (
    MILLISECONDS,
    Actor,
    Draft,
    Event,
    Ignored,
    Reason,
    Retract,
    instant,
    json_object,
    line,
    record,
    records,
)
from idonethis.integrations.kits.servers import own_id


@dataclass(frozen=True)
class Payload:
    body: Mapping[str, Any]

    @classmethod
    def of(cls, body: Any) -> Payload:
        return cls(json_object(body, "An event of Bitbucket"))

    def __getitem__(self, name: str) -> Mapping[str, Any]:
        return record(self.body.get(name))

    @property
    def at(self) -> datetime | None:
        return instant(self.body.get("date"))

    @property
    def pull(self) -> Mapping[str, Any]:
        return self["pullRequest"]

    @property
    def target(self) -> Mapping[str, Any]:
        """The branch into which a pull request goes."""
        return record(self.pull.get("toRef"))

    @property
    def pull_key(self) -> str:
        """Pull requests are counted in each repository."""
        repository = record(self.target.get("repository"))
        return f"pr:{line(repository.get('id'))}#{line(self.pull.get('id'))}"

    @property
    def web_url(self) -> str:
        """Of something at the server that sends this."""
        return page(self["repository"]) or page(self.pull) or page(self["actor"])

    def person(self, said: Any) -> Actor:
        """Mail addresses come from a directory, or from people, so none is vouched for."""
        account = record(said)
        return Actor(
            uid=own_id(self.web_url, account.get("id")),
            login=line(account.get("name")),
            name=line(account.get("displayName")),
            email=line(account.get("emailAddress")),
            bot=line(account.get("type")) == "SERVICE",
        )


def page(thing: Mapping[str, Any]) -> str:
    links = records(record(thing.get("links")).get("self"))
    return next((line(each.get("href")) for each in links), "")


def merged(payload: Payload) -> Iterator[Event]:
    """The work is its author's; whoever merges has only pressed the button."""
    pull, number = payload.pull, line(payload.pull.get("id"))
    closed = instant(pull.get("closedDate"), per_second=MILLISECONDS)
    commit = line(record(record(pull.get("properties")).get("mergeCommit")).get("id"))
    yield Draft(
        body=f"Merged “{line(pull.get('title')) or 'untitled'}”" + f" (#{number})" * bool(number),
        key=payload.pull_key,
        url=page(pull),
        occurred_at=closed or payload.at,
        as_of=instant(pull.get("updatedDate"), per_second=MILLISECONDS) or payload.at,
        actor=payload.person(record(pull.get("author")).get("user")),
        stands_for=(f"commit:{commit}",) if commit else (),
        place=line(payload.target.get("displayId")),
    )


def declined(payload: Payload) -> Iterator[Event]:
    yield Ignored(Reason.FILTERED, "The pull request was declined, not merged.")


def deleted(payload: Payload) -> Iterator[Event]:
    yield Retract(key=payload.pull_key, as_of=payload.at)


def ping(payload: Payload) -> Iterator[Event]:
    yield Ignored(Reason.PING, "Bitbucket tried the address.")
