"""A private RabbitMQ, as something one can break."""

from __future__ import annotations

import os
import shlex
import shutil
import signal
import subprocess
import tempfile
from pathlib import Path

from tests.site import listens

ROOT = Path(__file__).resolve().parent.parent
#: How long it may take to start, in seconds.
STARTS = 120


class RabbitMQ:
    """The same as ``with_rabbitmq`` of ``bin/lib/rabbitmq.sh`` begins and ends."""

    def __init__(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="idonethis-rabbitmq-"))
        self._run("set_up_rabbitmq", str(self.folder))
        self.url = (self.folder / "url").read_text().strip()

    @staticmethod
    def is_installed() -> bool:
        return Path("/usr/lib/rabbitmq/bin/rabbitmq-server").exists()

    def start(self) -> None:
        port = int((self.folder / "port").read_text())
        command = self._command("rabbitmq_here", str(self.folder), "rabbitmq-server")
        with (self.folder / "said").open("a") as said:
            # A group of its own: the server is a child of a child.
            self.process = subprocess.Popen(
                command, cwd=ROOT, stdout=said, stderr=said, start_new_session=True
            )
        if not listens(port, self.process, within=STARTS):
            raise RuntimeError((self.folder / "said").read_text()[-2000:])

    def control(self, *words: str) -> str:
        """What ``rabbitmqctl`` prints."""
        return self._run("rabbitmq_here", str(self.folder), "rabbitmqctl", "--quiet", *words)

    def signal(self, number: signal.Signals) -> None:
        os.killpg(self.process.pid, number)

    def kill(self) -> None:
        self.signal(signal.SIGKILL)
        self.process.wait()

    def stop(self) -> None:
        """Its register of names, too, which has gone into the background."""
        if self.process.poll() is None:
            self.kill()
        self._run("rabbitmq_here", str(self.folder), "epmd", "-kill", check=False)
        shutil.rmtree(self.folder, ignore_errors=True)

    def _run(self, *words: str, check: bool = True) -> str:
        command = self._command(*words)
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=120)
        if check and done.returncode:
            raise RuntimeError(f"{words[-1]}: {done.stdout}{done.stderr}"[-2000:])
        return done.stdout

    def _command(self, *words: str) -> list[str]:
        return ["sh", "-c", f". bin/lib/rabbitmq.sh; {shlex.join(words)}"]
