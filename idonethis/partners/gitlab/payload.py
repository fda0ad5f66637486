"""Reading GitLab's webhook bodies: https://docs.gitlab.com/user/project/integrations/webhook_events/

The same from gitlab.com and from servers of one's own, of which each counts its people and things
from one: there, ids begin with the name of the server."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from idonethis.integrations.base import (
    Actor,
    instant,
    json_object,
    line,
    record,
    records,
)

HOST = re.compile(r"https?://([^/?#]{1,100})")
#: Those that belong to an access token or to a service account.
#: https://docs.gitlab.com/user/project/settings/project_access_tokens/#bot-users-for-projects
BOT = re.compile(r"(?:project|group)_[0-9]+_bot\w*|service_account_\w+")


@dataclass(frozen=True)
class Payload:
    body: Mapping[str, Any]

    @classmethod
    def of(cls, body: Any) -> Payload:
        return cls(json_object(body, "An event of GitLab"))

    def __getitem__(self, name: str) -> Mapping[str, Any]:
        return record(self.body.get(name))

    @property
    def kind(self) -> str:
        """Tasks, incidents and epics are issues of another name."""
        said = line(self.body.get("object_kind"))
        return "issue" if said == "work_item" else said

    @property
    def action(self) -> str:
        return line(self.thing.get("action")) or line(self.body.get("action"))

    @property
    def thing(self) -> Mapping[str, Any]:
        return self["object_attributes"]

    @property
    def project(self) -> str:
        """``group/name``, for people. Keys use the id: projects are renamed and moved."""
        return line(self["project"].get("path_with_namespace")) or "a project"

    @property
    def project_id(self) -> str:
        number = line(self["project"].get("id")) or line(self.body.get("project_id"))
        return self.named(number or self.project)

    @property
    def default_branch(self) -> str:
        return line(self["project"].get("default_branch"))

    @property
    def web_url(self) -> str:
        return line(self["project"].get("web_url"))

    def named(self, number: Any) -> str:
        return named(self.web_url, number)

    @property
    def user(self) -> Actor:
        """Who did it; of a push, who pushed."""
        return self.person(self["user"]) if self["user"] else self.person(self._pusher)

    @property
    def _pusher(self) -> Mapping[str, Any]:
        parts = ("id", "name", "username", "email")
        return {part: self.body.get(f"user_{part}") for part in parts}

    def person(self, said: Mapping[str, Any]) -> Actor:
        """A server of one's own need not verify mail addresses, so none is vouched for; where there
        is no public one, GitLab writes ``[REDACTED]`` in its place."""
        login, email = line(said.get("username")), line(said.get("email"))
        return Actor(
            uid=self.named(said.get("id")),
            login=login,
            name=line(said.get("name")),
            email=email if "@" in email else "",
            bot=bool(BOT.fullmatch(login)),
        )

    def person_with(self, number: Any) -> Actor:
        """An account of which the body gives the id alone, unless it has a part in this, too."""
        everybody = (self["user"], *self.assigned, *records(self.body.get("reviewers")))
        wanted = line(number)
        known = (each for each in everybody if wanted and line(each.get("id")) == wanted)
        return self.person(next(known, {"id": number}))

    @property
    def assigned(self) -> list[Mapping[str, Any]]:
        return records(self.body.get("assignees"))

    @property
    def labels(self) -> tuple[str, ...]:
        return tuple(line(each.get("title")) for each in records(self.body.get("labels")))

    def titled(self, verb: str, sign: str) -> str:
        """``Merged “Oil the mill” (!7)``"""
        number = line(self.thing.get("iid"))
        which = f" ({sign}{number})" if number else ""
        return f"{verb} “{line(self.thing.get('title')) or 'untitled'}”{which}"

    @property
    def at(self) -> datetime | None:
        return moment(self.thing.get("updated_at"))


def named(address: str, number: Any) -> str:
    """An id that no other GitLab than the one at this address has given to something else."""
    found = HOST.match(address)
    host = found[1].lower() if found else "gitlab.com"
    return line(number) if host == "gitlab.com" or not number else f"{host}/{line(number)}"


def moment(said: Any) -> datetime | None:
    """Some of its times end in the name of the zone, which is no ISO 8601."""
    return instant(line(said).replace(" UTC", "Z"))
