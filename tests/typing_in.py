"""Somebody at a terminal, with a home of their own."""

from __future__ import annotations

import json
import os
import shlex
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
COMMANDS = {"did": "did", "idt": "did", "done": "did", "goal": "goal", "blocker": "blocker"}


class Terminal:
    def __init__(self, home: Path, **names: str) -> None:
        self.home = home
        self.folder = home / "work"
        self.folder.mkdir(parents=True)
        self._install(home / "bin")
        path = f"{home / 'bin'}:{os.environ['PATH']}"
        kept = {name: os.environ[name] for name in ("LANG", "TZ") if name in os.environ}
        self.env = kept | {"HOME": str(home), "PATH": path, "no_proxy": "*"}
        # A machine that runs tests has other things to do.
        self.env |= {"DID_PATIENCE": "50", **names}
        self.env |= {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_SYSTEM": os.devnull}

    def _install(self, bin: Path) -> None:
        """What pip makes of the scripts in pyproject.toml."""
        bin.mkdir()
        for command, entry in COMMANDS.items():
            lines = [
                f"#!{sys.executable}",
                f"import sys; sys.path.insert(0, {str(ROOT)!r})",
                f"from idonethis_cli.start import {entry}",
                f"sys.exit({entry}())",
            ]
            (bin / command).write_text("\n".join(lines))
            (bin / command).chmod(0o755)

    def start(self, line: str, shell: str = "bash") -> subprocess.Popen:
        return subprocess.Popen(
            [shell, "-c", line],
            env=self.env,
            cwd=self.folder,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def types(self, line: str, *, status: int = 0, shell: str = "bash") -> str:
        """What it says, on either stream."""
        process = self.start(line, shell)
        out, err = process.communicate(timeout=60)
        assert process.returncode == status, (line, process.returncode, out, err)
        return out + err

    def told(self, line: str, **more):
        return json.loads(self.types(f"{line} --json", **more))

    def log_in(self, site: str, token: str) -> Terminal:
        self.types(f"echo {token} | did login --token {shlex.quote(site)}")
        return self

    def notes(self, part: str) -> list[Path]:
        return sorted((self.home / ".local/share/done" / part).glob("[!.]*"))
