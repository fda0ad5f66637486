"""``python -m idonethis.simulators github --port 8101 --state FILE``: one pretend partner alone."""

from __future__ import annotations

import argparse
from pathlib import Path

import uvicorn

from .catalogue import SIMULATORS


def main() -> None:
    parser = argparse.ArgumentParser(prog="idonethis.simulators", description=__doc__)
    parser.add_argument("partner", choices=sorted(SIMULATORS))
    parser.add_argument("--port", type=int, default=8101)
    parser.add_argument("--state", type=Path, help="keep the state in this file")
    parser.add_argument("--set", action="append", default=[], metavar="NAME=VALUE")
    asked = parser.parse_args()
    settings = dict(pair.partition("=")[::2] for pair in asked.set)
    simulator = SIMULATORS[asked.partner](state_path=asked.state, settings=settings)  # type: ignore[call-arg]
    print(f"Pretend {simulator.title} at http://127.0.0.1:{asked.port}")
    uvicorn.run(simulator, host="127.0.0.1", port=asked.port, log_level="warning")


main()
