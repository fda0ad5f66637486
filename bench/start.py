"""How long a start takes, with the partners there are and with none."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from contextlib import contextmanager
from http.client import HTTPConnection
from pathlib import Path
from statistics import median

from bench.processes import environment, everywhere
from tests.site import free_port

PORT = free_port()
PARTNERS = Path(__file__).resolve().parent.parent / "idonethis" / "partners"
#: A package without a path has nothing in it.
BARE = "import idonethis.partners; idonethis.partners.__path__ = []; "
MAIN = "import sys; from idonethis.cli import main; sys.argv = ['idonethis', *sys.argv[1:]]; main()"
COMMANDS = (("--help",), ("receipts",))


def command(*words, bare):
    return [sys.executable, "-c", (BARE if bare else "") + MAIN, *words]


def took(*words, data, bare):
    """Milliseconds until the command has ended."""
    begun = time.perf_counter()
    subprocess.run(
        command(*words, bare=bare),
        env=environment(IDONETHIS_DATA=str(data)),
        check=True,
        capture_output=True,
    )
    return _since(begun)


def answered(*, data, bare):
    """Milliseconds until the server answers."""
    begun = time.perf_counter()
    with _up(data, bare) as process:
        while not _is_healthy():
            if process.poll() is not None:
                raise SystemExit("The server has ended.")
            time.sleep(0.005)
        return _since(begun)


@contextmanager
def _up(data, bare):
    words = command("up", "--port", str(PORT), bare=bare)
    process = subprocess.Popen(
        words, env=environment(IDONETHIS_DATA=str(data)), stdout=subprocess.DEVNULL
    )
    try:
        yield process
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(30)


def _is_healthy():
    connection = HTTPConnection("127.0.0.1", PORT)
    try:
        connection.request("GET", "/healthz")
        return connection.getresponse().status == 200
    except OSError:
        return False
    finally:
        connection.close()


def _since(begun):
    return (time.perf_counter() - begun) * 1000


def starts(data):
    """What is measured, by name; each takes whether there are to be no partners."""
    told = {
        f"idonethis {' '.join(words)}": lambda bare, words=words: took(*words, data=data, bare=bare)
        for words in COMMANDS
    }
    return told | {"until /healthz answers": lambda bare: answered(data=data, bare=bare)}


def measure(pace, folder):
    """By name, the medians with the partners there are, with none, and what they add, in
    milliseconds. Each has been done once before, so that nothing is compiled any more."""
    data = folder / "start"
    with everywhere():
        answered(data=data, bare=False)
        told = {name: _compared(each, pace.starts) for name, each in starts(data).items()}
    return {"integrations": len(list(PARTNERS.glob("*/integration.py"))), **told}


def _compared(measure, runs):
    measure(False)
    pairs = [(measure(False), measure(True)) for _ in range(runs)]
    all_there, none = (round(median(each)) for each in zip(*pairs, strict=True))
    return {"with": all_there, "without": none, "partners": all_there - none}
