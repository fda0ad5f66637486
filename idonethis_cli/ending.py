from __future__ import annotations

import os
import sys
from collections.abc import Callable

from idonethis_cli.screen import as_json, on_one_line


class Failed(Exception):
    """Says what happened, whether anything changed, and what to do."""


class Ending:
    """How a command ends: 0, or 1 with one line about what could not be done; 2 for what was asked
    wrongly comes from argparse."""

    def __init__(self, in_json: bool) -> None:
        self.in_json = in_json

    def of(self, command: Callable[[], int]) -> int:
        try:
            status = command()
            sys.stdout.flush()
            return status
        except Failed as problem:
            return self._told(str(problem))
        except KeyboardInterrupt:
            return self._told("Stopped.", status=130)
        except BrokenPipeError:
            # https://docs.python.org/3/library/signal.html#note-on-sigpipe
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            return 1
        except OSError as problem:
            return self._told(f"A file cannot be used: {problem}")

    def _told(self, sentence: str, *, status: int = 1) -> int:
        line = on_one_line(sentence)
        if self.in_json:
            as_json({"error": line})
        else:
            print(line, file=sys.stderr)
        return status
