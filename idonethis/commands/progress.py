from __future__ import annotations

import sys
from collections.abc import Callable

import click

#: Fewer than these are through before anybody could read how far it is.
LARGE = 25_000


def progress(units: str) -> Callable[[str, int, int], None]:
    """Says at a terminal how many of these units of something large are through."""

    def tell(name: str, done: int, total: int) -> None:
        if total > LARGE and sys.stderr.isatty():
            said = f"\r{name}: {done * 100 // total} % of {total:,} {units}"
            click.echo(said, err=True, nl=done == total)

    return tell
