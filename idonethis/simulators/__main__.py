"""One pretend partner alone: ``python -m idonethis.simulators github --port 8101 --state FILE``."""

from __future__ import annotations

import argparse
import signal
import threading
from pathlib import Path

from .catalogue import SIMULATORS
from .running import HOST, start
from .store import UnreadableState


def main(arguments: list[str] | None = None) -> None:
    asked = parser().parse_args(arguments)
    kind = SIMULATORS[asked.partner]
    settings = {name: getattr(asked, name) or "" for name in kind.options}
    chosen = ("client_id", "client_secret", "token_lifetime")
    given = {name: getattr(asked, name) for name in chosen if getattr(asked, name)}
    paths = {"state_path": asked.state, "journal_path": asked.journal}
    try:
        simulator = kind(settings=settings, **paths, **given)
        running = start(simulator, asked.port)
    except (OSError, UnreadableState) as problem:
        raise SystemExit(str(problem)) from problem
    print(f"Pretend {simulator.title} at {running.url}, until Ctrl+C", flush=True)
    wait()
    running.stop()


def parser() -> argparse.ArgumentParser:
    made = argparse.ArgumentParser(prog="python -m idonethis.simulators", description=__doc__)
    partners = made.add_subparsers(dest="partner", required=True, metavar="|".join(SIMULATORS))
    for name, kind in SIMULATORS.items():
        each = partners.add_parser(name, help=f"a pretend {kind.title}")
        each.add_argument("--port", type=int, default=8101, help=f"on {HOST}; 8101 unless given")
        each.add_argument("--state", type=Path, help="keep everything in this file")
        each.add_argument("--journal", type=Path, help="append every call to this file")
        each.add_argument("--token-lifetime", type=int, help="seconds; for ever unless given")
        each.add_argument("--client-id", help="of the application, as the partner knows it")
        each.add_argument("--client-secret")
        for option, text in kind.options.items():
            each.add_argument(f"--{option.replace('_', '-')}", help=text)
    return made


def wait() -> None:
    """Until Ctrl+C, or until a supervisor asks the process to end."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        threading.Event().wait()
    except KeyboardInterrupt:
        print()


if __name__ == "__main__":
    main()
