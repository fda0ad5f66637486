"""Who is let in where. Only this file holds tokens; only its owner reads it."""

from __future__ import annotations

import json
import os
from typing import Any, NamedTuple

from idonethis_cli import places
from idonethis_cli.ending import Failed
from idonethis_cli.storing import write

NAME = "logins.json"


class Login(NamedTuple):
    """``refresh`` where the token is renewed; ``team`` is where entries go without one."""

    token: str
    refresh: str = ""
    team: str = ""

    def __repr__(self) -> str:
        return "Login(…)"


def of(server: str) -> Login | None:
    said = _all()["servers"].get(server)
    return Login(**said) if said else None


def usual() -> str:
    """The server to which somebody was let in last."""
    return str(_all()["usual"])


def keep(server: str, login: Login) -> None:
    known = _all()
    _write({"usual": server, "servers": known["servers"] | {server: login._asdict()}})


def renew(server: str, login: Login) -> None:
    known = _all()
    _write(known | {"servers": known["servers"] | {server: login._asdict()}})


def forget(server: str) -> None:
    known = _all()
    rest = {url: login for url, login in known["servers"].items() if url != server}
    _write({"usual": next(iter(rest), ""), "servers": rest})


def _all() -> dict[str, Any]:
    path = os.path.join(places.settings(), NAME)
    try:
        with open(path, encoding="utf-8") as file:
            found: dict[str, Any] = json.load(file)
            return found
    except FileNotFoundError:
        return {"usual": "", "servers": {}}
    except ValueError as problem:
        raise Failed(f"{path} is damaged. Remove it and log in again: did login") from problem


def _write(known: dict[str, Any]) -> None:
    write(places.settings(), NAME, json.dumps(known).encode())
