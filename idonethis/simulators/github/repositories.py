"""Repositories and who may do what in them."""

from __future__ import annotations

from collections.abc import Iterable

from ..store import Record, Store


class Repositories:
    def __init__(self, store: Store) -> None:
        self._store = store

    def find(self, full_name: str) -> Record | None:
        """Names are not case-sensitive."""
        for name, record in self._store.table("repositories").items():
            if name.lower() == full_name.lower():
                found: Record = record
                return found
        return None

    def all(self) -> list[Record]:
        return list(self._store.table("repositories").values())

    def owner(self, repository: Record) -> Record:
        login = repository["owner"]
        organizations = self._store.table("organizations")
        owner: Record = organizations.get(login) or self._store.table("accounts")[login]
        return owner

    def organization(self, repository: Record) -> Record | None:
        organization: Record | None = self._store.table("organizations").get(repository["owner"])
        return organization


def level(repository: Record, login: str | None) -> str:
    """admin, maintain, push, triage or pull; "" for whoever has no explicit permission."""
    return str(repository["permissions"].get(login, ""))


def may_see(repository: Record, login: str | None, scopes: Iterable[str]) -> bool:
    """A private repository takes both a permission and the repo scope.

    Source: https://docs.github.com/en/apps/oauth-apps/building-oauth-apps/scopes-for-oauth-apps
    """
    return not repository["private"] or bool(level(repository, login) and "repo" in scopes)
