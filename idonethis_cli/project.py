"""``.done.toml`` of the folder, or of one above it."""

from __future__ import annotations

import os
import tomllib
from typing import NamedTuple

from idonethis_cli.ending import Failed

NAME = ".done.toml"


class Project(NamedTuple):
    server: str = ""
    team: str = ""


def here() -> Project:
    """Raises Failed where the file cannot be read."""
    folder = os.getcwd()
    while not os.path.exists(path := os.path.join(folder, NAME)):
        folder, below = os.path.dirname(folder), folder
        if folder == below:
            return Project()
    return _read(path)


def _read(path: str) -> Project:
    try:
        with open(path, "rb") as file:
            said = tomllib.load(file)
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as problem:
        raise Failed(f"{path} is no TOML: {problem}. Nothing was logged.") from problem
    server, team = said.get("server", ""), said.get("team", "")
    if not isinstance(server, str) or not isinstance(team, str):
        raise Failed(f"{path}: server and team are texts in quotes. Nothing was logged.")
    return Project(address(server) if server else "", team)


def address(said: str) -> str:
    """A server's, as it is kept. Raises Failed."""
    url = said.strip().rstrip("/")
    if not url.startswith(("https://", "http://")) or "@" in url or " " in url:
        raise Failed(f"{said} is no address of a server, such as https://log.example.org.")
    return url
