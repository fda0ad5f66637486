"""Decides what is loaded, so that nobody waits for what they do not use."""

from __future__ import annotations

import sys
from importlib import import_module

COMMANDS = {
    "log": "reading",
    "teams": "choosing",
    "login": "letting_in",
    "logout": "letting_in",
    "sync": "syncing",
    "undo": "undoing",
    "hook": "hooking",
    "mcp": "assisting",
}


def did() -> None:
    _run("done")


def goal() -> None:
    _run("goal")


def blocker() -> None:
    _run("blocked")


def _run(kind: str) -> None:
    words = sys.argv[1:]
    name = next((word for word in words if word != "--json"), "")
    if kind == "done" and name in COMMANDS:
        words.remove(name)
    else:
        name = ""
    module = import_module(f"idonethis_cli.{COMMANDS.get(name, 'telling')}")
    ending = import_module("idonethis_cli.ending").Ending("--json" in words)
    sys.exit(ending.of(lambda: module.main(name or kind, words)))
