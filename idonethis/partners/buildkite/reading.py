"""What a build of Buildkite says: https://buildkite.com/docs/apis/webhooks/pipelines/build-events"""

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
#: Builds that somebody started who was signed in. https://buildkite.com/docs/apis/rest-api/builds
BY_HAND = ("ui", "api")


@dataclass(frozen=True)
class Build:
    """``deploys``: patterns of names, with commas between them."""

    body: Mapping[str, Any]
    deploys: str

    @classmethod
    def of(cls, body: Any, *, deploys: str) -> Build:
        return cls(json_object(body, "An event of Buildkite"), deploys)

    @property
    def build(self) -> Mapping[str, Any]:
        return record(self.body.get("build"))

    @property
    def pipeline(self) -> Mapping[str, Any]:
        return record(self.body.get("pipeline"))

    @property
    def name(self) -> str:
        return line(self.pipeline.get("name")) or line(self.pipeline.get("slug")) or "a pipeline"

    @property
    def state(self) -> str:
        """A build that waits at a block step is finished for now, and says that it has passed.
        https://buildkite.com/docs/apis/webhooks/pipelines/build-events#finding-out-if-a-build-is-blocked"""
        is_blocked = self.build.get("blocked") is True
        return "blocked" if is_blocked else line(self.build.get("state"))

    @property
    def branch(self) -> str:
        """Of a tag, none."""
        return "" if line(self.build.get("tag")) else line(self.build.get("branch"))

    @property
    def is_aside(self) -> bool:
        main = line(self.pipeline.get("default_branch"))
        mains = (main,) if main else ("main", "master")
        return bool(self.branch) and self.branch not in mains

    @property
    def at(self) -> datetime | None:
        """Some of its times end in the name of the zone, which is no ISO 8601."""
        return instant(line(self.build.get("finished_at")).replace(" UTC", "Z"))

    @property
    def actor(self) -> Actor:
        """Who started the build. Where a commit did, or a build before it, Buildkite finds them by
        the address that the commit gives as its author's. That is no proof, so no more than this
        address is told. Never the sender, who is whoever has made the webhook."""
        creator, author = (record(self.build.get(name)) for name in ("creator", "author"))
        said = creator or author
        is_proven = line(self.build.get("source")) in BY_HAND
        return Actor(
            uid=line(creator.get("id")) if is_proven else "",
            name=line(said.get("name")),
            email=line(said.get("email")),
        )

    def events(self, *, failures: bool) -> Iterator[Event]:
        found = [*self._deployed(), *(self._failed() if failures else ())]
        why = f"A build that does not deploy makes no entry; this one is {self.state}."
        yield from found or [Ignored(Reason.UNSUPPORTED, why)]

    def _deployed(self) -> Iterator[Event]:
        names = [line(self.pipeline.get(part)).lower() for part in ("name", "slug")]
        patterns = [each.strip().lower() for each in self.deploys.split(",")]
        deploys = any(fnmatchcase(name, pattern) for name in names for pattern in patterns)
        if self.state == "passed" and deploys:
            source = line(self.build.get("tag")) or self.branch
            origin = f" from {source}" if source else ""
            yield self._draft(f"Deployed with {self.name}{origin}", f"build:{self._id}")

    @property
    def _id(self) -> str:
        return line(self.build.get("id"))

    def _failed(self) -> Iterator[Event]:
        """A build of which what failed is tried again and passes is no blocker any more."""
        key = f"failed:{self._id}"
        if self.state == "passed":
            yield Retract(key=key, as_of=self.at)
        elif self.state == "failed" and not self.is_aside:
            number = line(self.build.get("number"))
            source = line(self.build.get("tag")) or self.branch
            said = f"Build {number} of {self.name} failed on {source}"
            yield self._draft(said, key, kind="blocked")

    def _draft(self, body: str, key: str, *, kind: str = "done") -> Event:
        if not (self.actor.uid or self.actor.email):
            return Ignored(Reason.NO_PERSON, "Buildkite does not say whose build it is.")
        return Draft(
            body=body,
            kind=kind,
            key=key,
            url=line(self.build.get("web_url")),
            occurred_at=self.at,
            as_of=self.at,
            actor=self.actor,
            place=self.branch,
            aside=self.is_aside,
        )
