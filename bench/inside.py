"""Asks a process that has Django in it: see bench.within."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Mapping
from typing import Any, Self

from bench.processes import FIRST_CORE, environment, pinned, python


class Inside:
    """``env`` says which databases are its own."""

    def __init__(self, env: Mapping[str, str], core: str = FIRST_CORE) -> None:
        pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
        command = pinned(python("bench.within"), core)
        self._process = subprocess.Popen(command, env=environment(**env), text=True, **pipes)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *problem: object) -> None:
        self._process.stdin.close()
        self._process.stdout.close()
        self._process.wait()

    def ask(self, function: str, **arguments: Any) -> Any:
        """``function`` is ``module.name``. Raises SystemExit where the process died over it; it
        has said why."""
        line = json.dumps([*function.split("."), arguments])
        print(line, file=self._process.stdin, flush=True)
        answer = self._process.stdout.readline()
        if not answer:
            raise SystemExit(f"{function} did not come to its end.")
        return json.loads(answer)
