"""A real n8n, with a home of its own. https://docs.n8n.io/deploy/host-n8n/configure-n8n/use-the-command-line"""

from __future__ import annotations

import json
import os
import subprocess
import time
from pathlib import Path
from typing import Any

import httpx

from tests.site import free_port

#: How long it may take to start, in seconds.
PATIENCE = 240
#: It asks nobody outside for anything, and code in a workflow may compute signatures.
QUIET = {
    "N8N_DIAGNOSTICS_ENABLED": "false",
    "N8N_VERSION_NOTIFICATIONS_ENABLED": "false",
    "N8N_TEMPLATES_ENABLED": "false",
    "N8N_PERSONALIZATION_ENABLED": "false",
    "EXTERNAL_FRONTEND_HOOKS_URLS": "",
    "N8N_DIAGNOSTICS_CONFIG_FRONTEND": "",
    "N8N_DIAGNOSTICS_CONFIG_BACKEND": "",
    "N8N_ENFORCE_SETTINGS_FILE_PERMISSIONS": "false",
    "N8N_LISTEN_ADDRESS": "127.0.0.1",
    "NODE_FUNCTION_ALLOW_BUILTIN": "crypto",
    "NO_PROXY": "*",
}


class N8n:
    def __init__(self, program: Path, home: Path) -> None:
        self.program, self.home = program, home
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        own = {"N8N_USER_FOLDER": str(home), "N8N_PORT": str(self.port)}
        own["N8N_RUNNERS_BROKER_PORT"] = str(self.port + 1)
        self.env = os.environ | QUIET | own
        self.log = home / "terminal.txt"
        self.process: subprocess.Popen[bytes] | None = None

    def run(self, *words: str) -> str:
        """One of its commands. They write into its database, so it must not run meanwhile."""
        done = subprocess.run([self.program, *words], env=self.env, capture_output=True, text=True)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def bring(self, kind: str, thing: dict[str, Any]) -> None:
        file = self.home / f"{kind}.json"
        file.write_text(json.dumps([thing]))
        self.run(f"import:{kind}", f"--input={file}")

    def activate(self, workflow: dict[str, Any], active: bool) -> None:
        said = str(active).lower()
        self.run("update:workflow", f"--id={workflow['id']}", f"--active={said}")

    def start(self) -> None:
        with self.log.open("a") as terminal:
            self.process = subprocess.Popen(
                [self.program, "start"], env=self.env, stdout=terminal, stderr=subprocess.STDOUT
            )
        until = time.monotonic() + PATIENCE
        while not self._is_ready():
            assert time.monotonic() < until and self.process.poll() is None, self.log.read_text()
            time.sleep(0.5)

    def _is_ready(self) -> bool:
        try:
            return httpx.get(f"{self.url}/healthz/readiness", trust_env=False).status_code == 200
        except httpx.TransportError:
            return False

    def stop(self) -> None:
        if self.process:
            self.process.terminate()
            self.process.wait(60)
            self.process = None

    def hook(self, path: str) -> str:
        return f"{self.url}/webhook/{path}"
