"""What the script in ``setup.md`` says of a push: what one person brings to a branch in a day is
one entry that grows."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from idonethis.integrations.base import (
    Actor,
    Detail,
    Event,
    Growing,
    Ignored,
    Reason,
    Rewritten,
    instant,
    json_object,
    line,
    records,
)
from idonethis.integrations.kits.pushes import MOST, Commit, commit_key

#: Accounts of services, through which everybody pushes.
SHARED = ("git", "gitolite", "gitolite3", "root", "www-data", "http", "apache", "nginx", "nobody")


@dataclass(frozen=True)
class Push:
    body: Mapping[str, Any]

    @classmethod
    def of(cls, body: Any) -> Push:
        return cls(json_object(body, "A push"))

    def text(self, name: str) -> str:
        return line(self.body.get(name))

    @property
    def commits(self) -> list[Mapping[str, Any]]:
        return [each for each in records(self.body.get("commits"))[:MOST] if line(each.get("id"))]

    @property
    def branch(self) -> str:
        return self.text("ref").removeprefix("refs/heads/")

    @property
    def repository(self) -> str:
        return self.text("repository") or "a repository"

    @property
    def repository_id(self) -> str:
        """Two servers may have repositories of the same name."""
        return f"{self.text('server')}/{self.repository}"

    def events(self) -> Iterator[Event]:
        if not self.text("ref").startswith("refs/heads/"):
            yield Ignored(Reason.FILTERED, "Only pushes to branches make entries.")
        elif not self.text("after").strip("0"):
            yield Ignored(Reason.FILTERED, "The push deletes a branch.")
        elif not self.commits:
            yield Ignored(Reason.FILTERED, "The push brings no new work.")
        else:
            yield from self._work()

    def _work(self) -> Iterator[Event]:
        """Whose push it was decides, where each person has an account of their own. Where all push
        through the same, there is but the address that a commit names as its author's."""
        pusher = self.text("pusher")
        if pusher and pusher.lower() not in SHARED:
            yield self._growing(Actor(uid=pusher, login=pusher), self.commits)
            return
        for email, theirs in self._by_author().items():
            if email:
                yield self._growing(Actor(name=line(theirs[0].get("name")), email=email), theirs)
            else:
                yield Ignored(Reason.NO_PERSON, "A commit names no address of its author.")

    def _by_author(self) -> dict[str, list[Mapping[str, Any]]]:
        found: dict[str, list[Mapping[str, Any]]] = {}
        for commit in self.commits:
            found.setdefault(line(commit.get("email")).lower(), []).append(commit)
        return found

    def _growing(self, actor: Actor, commits: list[Mapping[str, Any]]) -> Growing:
        """A forced push brings old work under new ids. https://git-scm.com/docs/git-rebase"""
        kind = Rewritten if self.body.get("forced") is True else Growing
        return kind(
            body=f"Pushed {{count}} commit{{s}} to {self.branch} of {self.repository}"[:400],
            key=f"push:{self.repository_id}:{self.branch}",
            occurred_at=instant(commits[-1].get("date")),
            actor=actor,
            details=tuple(self._detail(commit) for commit in commits),
            place=self.branch,
            aside=self.branch != self.text("default_branch"),
        )

    def _detail(self, said: Mapping[str, Any]) -> Detail:
        """Of a message, the script tells the first line alone."""
        author, subject = line(said.get("email")), line(said.get("subject"))
        return Commit(commit_key(said.get("id")), subject, author).detail(self.repository_id)
