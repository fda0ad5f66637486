"""One call of the API."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from starlette.requests import Request

from ...store import Record
from ..errors import ApiError, not_found
from ..payloads.web import Web
from ..repositories import level, may_see
from ..world import World


@dataclass(frozen=True)
class Call:
    """A request with the account behind it and the scopes of its token.

    login is None for a call without a token, which may still read what is public. body is the
    JSON object that was sent, or empty.
    """

    request: Request
    world: World
    login: str | None
    scopes: frozenset[str]
    body: Record

    @property
    def web(self) -> Web:
        return Web(f"{self.request.url.scheme}://{self.request.url.netloc}")

    @property
    def account(self) -> Record:
        """The account; 401 for a call without a token."""
        if self.login is None:
            raise ApiError(401, "Requires authentication")
        account: Record = self.world.accounts[self.login]
        return account

    @property
    def repository(self) -> Record:
        """The repository in the path; 404 also for one that the caller may not see."""
        found = self._named()
        if not may_see(found, self.login, self.scopes):
            raise not_found()
        return found

    def administered(self, scopes: Iterable[str]) -> Record:
        """The repository in the path, for an admin whose token has one of these scopes."""
        _ = self.account
        found = self._named()
        allowed = self.scopes.intersection(scopes)
        if found["private"]:
            allowed -= {"public_repo"}
        if level(found, self.login) != "admin" or not allowed:
            raise not_found()
        return found

    def _named(self) -> Record:
        path = self.request.path_params
        found = self.world.repositories.find(f"{path['owner']}/{path['repo']}")
        if found is None:
            raise not_found()
        return found

    def query(self, name: str, default: str) -> str:
        return self.request.query_params.get(name, default)
