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
from contextlib import ExitStack, contextmanager
from pathlib import Path
from statistics import median

from bench import start
from bench.body import push, signature

SECONDS = 3
RUNS = 5
#: How many senders at once. Group commit lives on company: with 256, a commit holds about as many
#: rows as the 100 of the raw inserts.
FEW, MANY = 64, 256
COLUMNS = {"hooks_per_s": 11, "p50_ms": 8, "p99_ms": 8}
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


def raw(folder, *words):
    """Rows a second."""
    file = folder / f"raw{''.join(words)}.sqlite3"
    command = [sys.executable, "-m", "bench.raw_sqlite", str(file), *words]
    try:
        return {"hooks_per_s": float(subprocess.check_output(command))}
    finally:
        for each in folder.glob(f"{file.name}*"):
            each.unlink()


def contestants(folder, served_by):
    """What is measured, by name; each takes the number of the round."""

    def sent(name, senders):
        return lambda n: load(served_by[name], folder, f"{name}-{senders}-{n}", connections=senders)

    return {
        "raw SQLite, 100 rows a commit": lambda n: raw(folder),
        "the same, compressed": lambda n: raw(folder, "compressed"),
        f"plain Django view and ORM, {FEW} senders": sent("plain", FEW),
        f"I Done This, {FEW} senders": sent("ours", FEW),
        f"I Done This, {MANY} senders": sent("ours", MANY),
        f"I Done This, its worker busy, {FEW} senders": sent("working", FEW),
    }


def rounds(measures, count):
    """Everybody once, then everybody again: a machine that is slower for a while, as a shared one
    may be, is so for all of them. Returns the rounds of each."""
    told = {name: [] for name in measures}
    for number in range(count):
        for name, measure in measures.items():
            told[name].append(measure(number))
    return told


def medians(runs):
    return {key: round(median(run[key] for run in runs), 2) for key in runs[0]}


def show(name, told):
    cells = (f"{told.get(key, ''):>{width}}" for key, width in COLUMNS.items())
    print(f"{name:<48}", *cells)


def ratio(told, one, other):
    """The median of what it is in each round."""
    pairs = zip(told[one], told[other], strict=True)
    return round(median(a["hooks_per_s"] / b["hooks_per_s"] for a, b in pairs), 2)


def servers(stack, folder):
    """All up at once, one of them under load at a time: the others cost nothing."""
    gunicorn = [sys.executable, "-m", "gunicorn", "-k", "gthread", "--threads", "4", "--log-level"]
    plain = [*gunicorn, "error", "-b", "127.0.0.1:8701", "bench.plain_view:application"]
    ours = [sys.executable, "-m", "bench.ours"]
    hook = "/integrations/github/hook/t"
    started = {
        "plain": served(plain, "/hook/t", port=8701, BENCH_DATABASE=str(folder / "plain.sqlite3")),
        "ours": served([*ours, "8702"], hook, port=8702, IDONETHIS_DATA=str(folder / "ours")),
        "working": served(
            [*ours, "8703", "work"], hook, port=8703, IDONETHIS_DATA=str(folder / "working")
        ),
    }
    return {name: stack.enter_context(server) for name, server in started.items()}


def main():
    if not shutil.which("wrk"):
        raise SystemExit("bin/bench needs wrk (apt-get install wrk).")
    folder = Path(tempfile.mkdtemp(prefix="idonethis-bench-"))
    print(f"{platform.node()}, {os.cpu_count()} cores, Python {platform.python_version()}")
    with ExitStack() as stack:
        urls = servers(stack, folder)
        for name, url in urls.items():
            load(url, folder, f"{name}-warm", connections=FEW)
        told = rounds(contestants(folder, urls), RUNS)
    shutil.rmtree(folder)
    report(told, start.measured())


def report(told, starts):
    rows, packed, view, few, many, busy = told
    show("", {key: key for key in COLUMNS})
    for name, runs in told.items():
        show(name, medians(runs))
    ratios = {
        "vs_django_view": ratio(told, few, view),
        "vs_raw_sqlite_uncompressed": ratio(told, many, rows),
        "vs_raw_sqlite": ratio(told, many, packed),
    }
    for name, value in ratios.items():
        print(f"{name:<48} {value:>11}")
    start.show(starts)
    figures = {
        "many_senders": medians(told[many]),
        "while_busy": medians(told[busy]),
        "django_view": medians(told[view]),
    }
    result = {"ingest": {**medians(told[few]), **ratios, **figures}, "start": starts}
    Path("bench.json").write_text(json.dumps(result, indent=1))


if __name__ == "__main__":
    main()
