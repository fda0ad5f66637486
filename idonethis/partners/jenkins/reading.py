"""What Jenkins' Notification plugin says of a build: https://plugins.jenkins.io/notification/

It names nobody but the authors of commits, and those by a name alone, by which nobody can be known:
so the work is that of who made the link."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Any

from idonethis.integrations.base import (
    MILLISECONDS,
    Draft,
    Event,
    Ignored,
    Reason,
    instant,
    json_object,
    line,
    record,
)

DEPLOYS = "*deploy*, *release*"
#: A build is completed first, and finalized after what follows on it; its result stands by then.
OVER = ("COMPLETED", "FINALIZED")
#: What may stand before the name of a branch.
REMOTES = ("refs/heads/", "refs/remotes/", "origin/")


@dataclass(frozen=True)
class Build:
    """``deploys``: patterns of names, with commas between them."""

    body: Mapping[str, Any]
    deploys: str

    @classmethod
    def of(cls, body: Any, *, deploys: str) -> Build:
        return cls(json_object(body, "What Jenkins says"), deploys)

    @property
    def build(self) -> Mapping[str, Any]:
        return record(self.body.get("build"))

    @property
    def names(self) -> list[str]:
        """Those of the job and of the folders in which it lies, of which its address tells:
        ``job/engine/job/main/``."""
        parts = line(self.body.get("url")).strip("/").split("/")
        folders = [part for part in parts[1::2] if parts[0] == "job"]
        return folders or [name for name in (line(self.body.get("name")),) if name]

    @property
    def job(self) -> str:
        return "/".join(self.names)

    @property
    def fits(self) -> bool:
        patterns = [each.strip().lower() for each in self.deploys.split(",")]
        names = [name.lower() for name in (*self.names, line(self.body.get("name")))]
        return any(fnmatchcase(name, pattern) for name in names for pattern in patterns)

    @property
    def is_of_main(self) -> bool:
        branch = line(record(self.build.get("scm")).get("branch"))
        for prefix in REMOTES:
            branch = branch.removeprefix(prefix)
        return branch in ("main", "master")

    def event(self, *, failures: bool) -> Event:
        phase, status = line(self.build.get("phase")), line(self.build.get("status"))
        if not self.names:
            return Ignored(Reason.UNSUPPORTED, "It names no job.")
        if phase not in OVER:
            return Ignored(Reason.UNSUPPORTED, "A build makes an entry once it is over.")
        if status == "SUCCESS" and self.fits:
            return self._draft(f"Deployed with {self.job}")
        if status == "FAILURE" and failures and (self.fits or self.is_of_main):
            return self._draft(f"A build of {self.job} failed", kind="blocked")
        return Ignored(Reason.UNSUPPORTED, f"The build is no deployment that succeeds: {status}.")

    def _draft(self, body: str, *, kind: str = "done") -> Draft:
        number = line(self.build.get("number"))
        url = line(self.build.get("full_url"))
        return Draft(
            body=body + (f" (#{number})" if number else ""),
            kind=kind,
            key=f"build:{url or f'{self.job}#{number}'}",
            url=url,
            occurred_at=instant(self.build.get("timestamp"), per_second=MILLISECONDS),
        )
