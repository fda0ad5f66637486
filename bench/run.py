"""Runs every contestant in turn on this machine and prints what it saw: ``bin/bench``."""

from __future__ import annotations

import json
import os
import platform
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from contextlib import contextmanager
from pathlib import Path
from statistics import median

from bench.body import push, signature

SECONDS = 4
RUNS = 3
#: How many senders at once. Group commit lives on company: with 256, a commit holds about as many
#: rows as the 100 of the raw inserts.
FEW, MANY = 64, 256
LAST_CORE = str((os.cpu_count() or 1) - 1)


@contextmanager
def served(command, url_path, *, port, **environment):
    """A server with the whole machine to itself, but for the load on its last core."""
    env = os.environ | environment
    process = subprocess.Popen(command, env=env)
    try:
        _wait(port)
        yield f"http://127.0.0.1:{port}{url_path}"
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(30)


def _wait(port):
    for _ in range(300):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    raise SystemExit(f"Nothing answers on port {port}.")


def load(url, folder, run, *, connections):
    body = folder / "body.json"
    body.write_bytes(push())
    command = [
        "taskset",
        "-c",
        LAST_CORE,
        "wrk",
        "-t1",
        "--latency",
        f"-d{SECONDS}s",
        f"-c{connections}",
    ]
    env = {"BENCH_BODY": str(body), "BENCH_SIGNATURE": signature(push()), "BENCH_RUN": run}
    command += ["-s", "bench/load.lua", url]
    told = subprocess.check_output(command, env=os.environ | env, text=True)
    if "Non-2xx" in told:
        raise SystemExit(f"Not every request was acknowledged:\n{told}")
    return {
        "hooks_per_s": float(re.search(r"Requests/sec:\s+([\d.]+)", told)[1]),
        "p50_ms": _milliseconds(re.search(r"\n +50%\s+(\S+)", told)[1]),
        "p99_ms": _milliseconds(re.search(r"\n +99%\s+(\S+)", told)[1]),
    }


def _milliseconds(text):
    number, unit = re.fullmatch(r"([\d.]+)(us|ms|s)", text).groups()
    return float(number) * {"us": 0.001, "ms": 1, "s": 1000}[unit]


def contest(name, context, folder, *, connections=(FEW,)):
    """The median of the runs, for each number of senders."""
    with context as url:
        load(url, folder, f"{name}-warm", connections=FEW)
        return [measured(name, url, folder, senders) for senders in connections]


def measured(name, url, folder, senders):
    runs = [load(url, folder, f"{name}-{senders}-{n}", connections=senders) for n in range(RUNS)]
    told = {key: round(median(run[key] for run in runs), 2) for key in runs[0]}
    figures = f"{told['hooks_per_s']:>9.0f} {told['p50_ms']:>8.1f} {told['p99_ms']:>8.1f}"
    print(f"{f'{name}, {senders} senders':<44} {figures}")
    return told


def raw(folder, *words):
    command = [sys.executable, "-m", "bench.raw_sqlite"]
    runs = []
    for run in range(RUNS):
        file = folder / f"raw-{run}{''.join(words)}.sqlite3"
        runs.append(float(subprocess.check_output([*command, str(file), *words])))
        file.unlink()
    print(f"{'raw SQLite, 100 rows a commit ' + ' '.join(words):<44} {median(runs):>9.0f}")
    return median(runs)


def main():
    if not shutil.which("wrk"):
        raise SystemExit("bin/bench needs wrk (apt-get install wrk).")
    folder = Path(tempfile.mkdtemp(prefix="idonethis-bench-"))
    print(f"{platform.node()}, {os.cpu_count()} cores, Python {platform.python_version()}")
    print(f"{'':<44} {'hooks/s':>9} {'p50 ms':>8} {'p99 ms':>8}")
    gunicorn = [sys.executable, "-m", "gunicorn", "-k", "gthread", "--threads", "4", "--log-level"]
    plain = served(
        [*gunicorn, "error", "-b", "127.0.0.1:8701", "bench.plain_view:application"],
        "/hook/t",
        port=8701,
        BENCH_DATABASE=str(folder / "plain.sqlite3"),
    )
    ours = served(
        [sys.executable, "-m", "bench.ours", "8702"],
        "/integrations/github/hook/t",
        port=8702,
        IDONETHIS_DATA=str(folder / "ours"),
    )
    working = served(
        [sys.executable, "-m", "bench.ours", "8703", "work"],
        "/integrations/github/hook/t",
        port=8703,
        IDONETHIS_DATA=str(folder / "working"),
    )
    rows = raw(folder)
    packed = raw(folder, "compressed")
    (view,) = contest("plain Django view and ORM", plain, folder)
    few, many = contest("I Done This", ours, folder, connections=(FEW, MANY))
    (busy,) = contest("I Done This, its worker busy", working, folder)
    ratios = {
        "vs_django_view": round(few["hooks_per_s"] / view["hooks_per_s"], 2),
        "vs_raw_sqlite_uncompressed": round(many["hooks_per_s"] / rows, 2),
        "vs_raw_sqlite": round(many["hooks_per_s"] / packed, 2),
    }
    for name, ratio in ratios.items():
        print(f"{name:<44} {ratio:>9}")
    result = {
        "ingest": {**few, **ratios, "many_senders": many, "while_busy": busy, "django_view": view}
    }
    Path("bench.json").write_text(json.dumps(result, indent=1))
    shutil.rmtree(folder)


if __name__ == "__main__":
    main()
