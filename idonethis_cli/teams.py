from __future__ import annotations

from typing import Any

from idonethis_cli import logins
from idonethis_cli.screen import on_one_line
from idonethis_cli.server import Later, Refused, Server


def of(server: Server) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = server.ask("GET", "/teams").said
    return found


def chosen(teams: list[dict[str, Any]], said: str) -> str:
    """The id of the team that is called so. Raises Refused."""
    for team in teams:
        if said == team["hash_id"] or said.casefold() == team["name"].casefold():
            return str(team["hash_id"])
    known = ", ".join(on_one_line(team["name"]) for team in teams) or "none"
    raise Refused(f"You have no team “{said}”, but {known}.")


def usual(server: Server, teams: list[dict[str, Any]]) -> str:
    """Where nothing else is said. Raises Later, since a choice may still be made."""
    login = logins.of(server.url)
    if login and login.team:
        return chosen(teams, login.team)
    if len(teams) == 1:
        return str(teams[0]["hash_id"])
    raise Later(f"You are in {len(teams)} teams. Choose one: did teams NAME")
