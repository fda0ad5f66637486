"""What a workflow or a job of CircleCI says: https://circleci.com/docs/webhooks-reference

A job that deploys, and the workflow in which it runs, are one deployment."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from fnmatch import fnmatchcase
from typing import Any

from idonethis.integrations.base import (
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
)

DEPLOYS = "*deploy*, *release*"
FAILED = ("failed", "error")


@dataclass(frozen=True)
class Run:
    """``deploys``: patterns of names, with commas between them."""

    body: Mapping[str, Any]
    deploys: str

    @classmethod
    def of(cls, body: Any, *, deploys: str) -> Run:
        return cls(json_object(body, "An event of CircleCI"), deploys)

    def __getitem__(self, name: str) -> Mapping[str, Any]:
        return record(self.body.get(name))

    @property
    def kind(self) -> str:
        return line(self.body.get("type"))

    @property
    def thing(self) -> Mapping[str, Any]:
        """The job, or the workflow."""
        return self["job"] if self.kind == "job-completed" else self["workflow"]

    @property
    def status(self) -> str:
        return line(self.thing.get("status"))

    @property
    def project(self) -> str:
        return line(self["project"].get("name")) or "a project"

    @property
    def _vcs(self) -> Mapping[str, Any]:
        return record(self["pipeline"].get("vcs"))

    def _told(self, name: str) -> Mapping[str, Any]:
        """What set the pipeline going, of projects that are not tied to GitHub or Bitbucket."""
        return record(record(self["pipeline"].get("trigger_parameters")).get(name))

    @property
    def branch(self) -> str:
        return line(self._vcs.get("branch")) or line(self._told("git").get("branch"))

    @property
    def source(self) -> str:
        """The branch or the tag."""
        tag = line(self._vcs.get("tag")) or line(self._told("git").get("tag"))
        return self.branch or tag

    @property
    def is_aside(self) -> bool:
        return bool(self.branch) and self.branch not in ("main", "master")

    @property
    def at(self) -> datetime | None:
        return instant(self.body.get("happened_at"))

    @property
    def actor(self) -> Actor:
        """Whoever set it going, where CircleCI knows; else there is but the address that the commit
        names as its author's, which anybody can write, and which is no more than a hint."""
        uid = line(self._told("circleci").get("actor_id"))
        if uid:
            return Actor(uid=uid, name=line(self._told("gitlab").get("user_name")))
        author = record(record(self._vcs.get("commit")).get("author"))
        return Actor(name=line(author.get("name")), email=line(author.get("email")))

    def events(self, *, failures: bool) -> Iterator[Event]:
        found = [*self._deployed(), *(self._failed() if failures else ())]
        why = f"A {self._noun} that does not deploy makes no entry; this one is {self.status}."
        yield from found or [Ignored(Reason.UNSUPPORTED, why)]

    @property
    def _noun(self) -> str:
        return "job" if self.kind == "job-completed" else "workflow"

    def _deployed(self) -> Iterator[Event]:
        name = line(self.thing.get("name")).lower()
        patterns = (each.strip().lower() for each in self.deploys.split(","))
        if self.status != "success" or not any(fnmatchcase(name, each) for each in patterns):
            return
        origin = f" from {self.source}" if self.source else ""
        yield self._draft(f"Deployed {self.project}{origin}", f"deploy:{self._workflow_id}")

    @property
    def _workflow_id(self) -> str:
        return line(self["workflow"].get("id"))

    def _failed(self) -> Iterator[Event]:
        """A workflow that is run again in its pipeline and succeeds then is no blocker any more."""
        name = line(self["workflow"].get("name"))
        key = f"failed:{line(self['pipeline'].get('id'))}:{name}"
        if self.kind != "workflow-completed" or self.is_aside:
            return
        if self.status == "success":
            yield Retract(key=key, as_of=self.at)
        elif self.status in FAILED:
            said = f"The workflow “{name}” failed on {self.source} of {self.project}"
            yield self._draft(said, key, kind="blocked")

    def _draft(self, body: str, key: str, *, kind: str = "done") -> Event:
        if not (self.actor.uid or self.actor.email):
            return Ignored(Reason.NO_PERSON, "CircleCI does not say who set it going.")
        return Draft(
            body=body,
            kind=kind,
            key=key,
            url=line(self["workflow"].get("url")),
            occurred_at=instant(self.thing.get("stopped_at")) or self.at,
            as_of=self.at,
            actor=self.actor,
            place=self.branch,
            aside=self.is_aside,
        )
