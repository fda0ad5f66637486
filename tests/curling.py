"""The lines of a page of the documentation, run as they stand there."""

from __future__ import annotations

import json
import os
import re
import subprocess
from pathlib import Path

DOCS = Path(__file__).resolve().parent.parent / "docs"


def lines(page: str) -> list[str]:
    return re.findall(r"```sh\n(curl .+?)\n```", (DOCS / page).read_text(), re.DOTALL)


class Shell:
    def __init__(self, **names: str) -> None:
        self.names = names

    def said(self, line: str) -> str:
        done = subprocess.run(
            ["bash", "-c", f"{line} --silent --noproxy '*'"],
            env=os.environ | self.names,
            capture_output=True,
            text=True,
        )
        assert done.returncode == 0, (line, done.stdout, done.stderr)
        return done.stdout

    def run(self, line: str):
        return json.loads(self.said(line))
