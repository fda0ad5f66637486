"""Pushes to git: what one person brings to a branch in a day is one entry that grows."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from idonethis.integrations.base import (
    Actor,
    Detail,
    Event,
    Growing,
    Ignored,
    Reason,
    Rewritten,
    line,
)

#: What git itself writes when it merges; each partner has words of its own besides.
MERGES = ("Merge branch ", "Merge remote-tracking branch ")
#: Far more than anybody puts into a push. Who holds the secret may, and would hold up others.
MOST = 1_000
BRANCHES = "refs/heads/"


@dataclass(frozen=True)
class Commit:
    """``author`` is whom git was told to name, which anybody can set: it tells two commits apart,
    and nothing else."""

    key: str
    message: str
    author: str = ""
    url: str = ""
    at: datetime | None = None
    bot: bool = False

    def detail(self, repository_id: str) -> Detail:
        return Detail(
            key=self.key,
            text=line(self.message) or "A commit without a message",
            url=self.url,
            alike=likeness(repository_id, self.author, self.message),
            bot=self.bot,
        )


@dataclass(frozen=True, kw_only=True)
class Push:
    """To one branch, with the ``commits`` in the order in which they were made. ``tip`` is the id
    of the last one, empty or all zeros where the branch goes. ``actor`` is whose push it was, which
    decides; never whom the commits name. ``merges``: how messages begin that are no work of their
    own. ``batch``: what an entry that stands for all of it knows it by."""

    ref: str
    tip: str
    repository: str
    repository_id: str
    actor: Actor
    commits: Sequence[Commit]
    merges: tuple[str, ...]
    is_default: bool
    batch: str = ""
    url: str = ""
    at: datetime | None = None
    forced: bool = False

    @property
    def event(self) -> Event:
        work = [each for each in self.commits if not each.message.startswith(self._all_merges)]
        if self._elsewhere or not work:
            why = self._elsewhere or "The push brings no new work."
            return Ignored(Reason.FILTERED, why)
        details = tuple(commit.detail(self.repository_id) for commit in work)
        return self._growing("push", "commit", details, at=work[-1].at)

    @property
    def counted(self) -> Event:
        """Where the partner does not tell which commits it brings."""
        if self._elsewhere:
            return Ignored(Reason.FILTERED, self._elsewhere)
        up_to = Detail(commit_key(self.tip), f"Up to {self.tip[:11]}", self.url)
        return self._growing("pushes", "time", (up_to,), at=None)

    @property
    def _elsewhere(self) -> str:
        if not self.tip.strip("0"):
            return "The push deletes a branch or a tag."
        if not self.ref.startswith(BRANCHES):
            tag = ", and this is a tag" * self.ref.startswith("refs/tags/")
            return f"Only pushes to branches make entries{tag}."
        return ""

    @property
    def _all_merges(self) -> tuple[str, ...]:
        return (*MERGES, *self.merges)

    def _growing(
        self, kind: str, what: str, details: tuple[Detail, ...], *, at: datetime | None
    ) -> Growing:
        """A forced push brings old work under new ids. https://git-scm.com/docs/git-rebase"""
        branch, grows = self.ref.removeprefix(BRANCHES), Rewritten if self.forced else Growing
        return grows(
            body=f"Pushed {{count}} {what}{{s}} to {branch} of {self.repository}"[:400],
            key=f"{kind}:{self.repository_id}:{branch}",
            url=self.url,
            occurred_at=self.at or at,
            actor=self.actor,
            details=details,
            batch=self.batch or commit_key(self.tip),
            place=branch,
            aside=not self.is_default,
        )


def commit_key(sha: Any) -> str:
    return f"commit:{line(sha)[:64]}"


def message_of(commit: Mapping[str, Any]) -> str:
    """All of it, line by line."""
    message = commit.get("message")
    return message if isinstance(message, str) else ""


def likeness(repository_id: str, author: Any, message: str) -> str:
    """The same for a commit and for what a rebase makes of it: author and message stay."""
    work = f"{repository_id}\0{author}\0{message.rstrip()}"
    return hashlib.sha256(work.encode(errors="replace")).hexdigest()
