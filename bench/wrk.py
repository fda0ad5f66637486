"""As many hooks as a number of senders can send, each after the answer to its last."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

from bench.body import push, signature
from bench.processes import LAST_CORE, environment, pinned
from bench.sums import Reading

LUA = Path(__file__).with_name("load.lua")
#: Within this an answer is late, which shows in the figures; after it, there was none.
PATIENCE = "30s"


def load(url: str, run: str, *, seconds: int, connections: int = 64) -> Reading:
    """``run`` makes the delivery ids unlike those of any other. Raises SystemExit where not every
    hook was acknowledged."""
    body = f"/tmp/idonethis-bench-{run}.json"
    Path(body).write_bytes(push())
    env = {"BENCH_BODY": body, "BENCH_SIGNATURE": signature(push()), "BENCH_RUN": run}
    words = ["wrk", "-t1", "--latency", "--timeout", PATIENCE, f"-d{seconds}s"]
    words += [f"-c{connections}", "-s", str(LUA), url]
    try:
        command = pinned(words, LAST_CORE)
        return read(subprocess.check_output(command, env=environment(**env), text=True))
    finally:
        Path(body).unlink()


def read(told: str) -> Reading:
    if "Non-2xx" in told or "Socket errors" in told:
        raise SystemExit(f"Not every request was acknowledged:\n{told}")
    return {
        "hooks_per_s": float(_found(r"Requests/sec:\s+([\d.]+)", told)),
        "p50_ms": milliseconds(_found(r"\n +50%\s+(\S+)", told)),
        "p99_ms": milliseconds(_found(r"\n +99%\s+(\S+)", told)),
    }


def _found(pattern: str, told: str) -> str:
    found = re.search(pattern, told)
    if not found:
        raise SystemExit(f"wrk said something else:\n{told}")
    return found[1]


def milliseconds(text: str) -> float:
    found = re.fullmatch(r"([\d.]+)(us|ms|s|m)", text)
    if not found:
        raise ValueError(f"{text} is no length of time.")
    return float(found[1]) * {"us": 0.001, "ms": 1, "s": 1000, "m": 60_000}[found[2]]
