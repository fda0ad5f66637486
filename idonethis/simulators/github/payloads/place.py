"""What a body needs to know beside the thing it shows."""

from __future__ import annotations

from dataclasses import dataclass

from ...store import Record
from .repository import repository, visible
from .web import Web


@dataclass(frozen=True)
class Place:
    """A repository with its owner, all accounts by login, and the addresses to write."""

    web: Web
    repository: Record
    owner: Record
    accounts: Record

    @property
    def name(self) -> str:
        return str(self.repository["full_name"])

    @property
    def api(self) -> str:
        return self.web.api("repos", self.name)

    def shown(self) -> Record:
        return {**repository(self.web, self.repository, self.owner), **visible(self.repository)}
