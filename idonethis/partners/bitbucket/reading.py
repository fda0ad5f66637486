"""What Bitbucket Cloud says: https://support.atlassian.com/bitbucket-cloud/docs/event-payloads/"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from idonethis.integrations.base import (
    Actor,
    Draft,
    Event,
    Ignored,
    Reason,
    instant,
    json_object,
    line,
    record,
)

#: Pull requests give the beginning of a commit's id, pushes all of it.
#: https://support.atlassian.com/bitbucket-cloud/docs/event-payloads/#Pull-request
SHORT = 12


@dataclass(frozen=True)
class Payload:
    body: Mapping[str, Any]

    @classmethod
    def of(cls, body: Any) -> Payload:
        return cls(json_object(body, "An event of Bitbucket"))

    def __getitem__(self, name: str) -> Mapping[str, Any]:
        return record(self.body.get(name))

    @property
    def repository(self) -> str:
        """``workspace/name``, for people. Keys use the id: repositories are renamed and moved."""
        return line(self["repository"].get("full_name")) or "a repository"

    @property
    def repository_id(self) -> str:
        return line(self["repository"].get("uuid")) or self.repository

    def is_main(self, branch: str) -> bool:
        """Which branch is the main one, Bitbucket hardly ever says."""
        said = line(record(self["repository"].get("mainbranch")).get("name"))
        return branch == said if said else branch in ("main", "master")


def person(said: Any) -> Actor:
    """A nickname is not unique, and anybody may take another one, so it is no login.
    https://developer.atlassian.com/cloud/bitbucket/bitbucket-api-changes-gdpr/"""
    account = record(said)
    return Actor(
        uid=line(account.get("account_id")) or line(account.get("uuid")),
        name=line(account.get("display_name")) or line(account.get("nickname")),
        bot=line(account.get("type")).lower() in ("app_user", "appuser"),
    )


def short(commit: Any) -> str:
    sha = line(record(commit).get("hash"))[:SHORT]
    return f"commit:{sha}" if sha else ""


def page(thing: Mapping[str, Any]) -> str:
    return line(record(record(thing.get("links")).get("html")).get("href"))


def merged(payload: Payload) -> Iterator[Event]:
    """The work is its author's; whoever merges has only pressed the button."""
    pull = payload["pullrequest"]
    number = line(pull.get("id"))
    into = record(record(pull.get("destination")).get("branch"))
    at = instant(line(pull.get("updated_on")))
    commit = short(pull.get("merge_commit"))
    yield Draft(
        body=f"Merged “{line(pull.get('title')) or 'untitled'}”" + f" (#{number})" * bool(number),
        key=f"pullrequest:{payload.repository_id}#{number}",
        url=page(pull),
        occurred_at=at,
        as_of=at,
        actor=person(pull.get("author")),
        stands_for=(commit,) if commit else (),
        place=line(into.get("name")),
    )


def declined(payload: Payload) -> Iterator[Event]:
    yield Ignored(Reason.FILTERED, "The pull request was declined, not merged.")
