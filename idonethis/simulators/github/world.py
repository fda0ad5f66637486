"""Everything there is at this pretend GitHub, in one value to hand around."""

from __future__ import annotations

from dataclasses import dataclass

from ..clients import Client
from ..grants import Grants
from ..later import Later
from ..params import BadParam, Params
from ..store import Record, Store
from .deliveries import Deliveries
from .hooks import Hooks
from .ratelimit import RateLimit
from .repositories import Repositories


@dataclass(frozen=True)
class World:
    store: Store
    client: Client
    grants: Grants
    repositories: Repositories
    hooks: Hooks
    deliveries: Deliveries
    rate: RateLimit
    later: Later

    @property
    def accounts(self) -> Record:
        return self.store.table("accounts")

    def account(self, params: Params, name: str = "actor", default: str = "ada") -> Record:
        """The account that the parameter names. Raises BadParam."""
        login = params.text(name, default)
        if login not in self.accounts:
            raise BadParam(f"no such account: {login}; there are {', '.join(self.accounts)}")
        account: Record = self.accounts[login]
        return account

    def repository(self, params: Params) -> Record:
        """The repository that the parameter names. Raises BadParam."""
        name = params.text("repository", "analytical/engine")
        repository = self.repositories.find(name)
        if repository is None:
            known = ", ".join(known["full_name"] for known in self.repositories.all())
            raise BadParam(f"no such repository: {name}; there are {known}")
        return repository
