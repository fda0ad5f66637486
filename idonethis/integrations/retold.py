"""A request to a partner and its answer, on a page."""

from __future__ import annotations

import json
import shlex
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl

from idonethis.integrations.exchanges import LONGEST
from idonethis.integrations.hiding import unmarked
from idonethis.integrations.masking import MARKED
from idonethis.ui.words import listed, numbered

#: What curl says by itself.
BY_ITSELF = ("accept-encoding", "content-length", "host")
FORM = "application/x-www-form-urlencoded"


@dataclass(frozen=True)
class Retold:
    """``kept`` as in Attempt.exchange."""

    kept: Mapping[str, Any]

    @property
    def earlier(self) -> str:
        """How many requests were made before this one; empty where there were none."""
        before = self.kept["before"]
        made = numbered(before, "request was made", "requests were made")
        return f"{made} before this one in the same attempt." if before else ""

    @property
    def asked(self) -> str:
        return unmarked(f"{self.kept['method']} {self.kept['url']}")

    @property
    def headers(self) -> str:
        return unmarked(self.kept["headers"])

    @property
    def body(self) -> str:
        return _body(self.kept)

    @property
    def body_title(self) -> str:
        return _title("Body", self.kept)

    @property
    def status(self) -> int | None:
        """None: no answer came."""
        answer = self.kept["answer"]
        return answer["status"] if answer else None

    @property
    def answer_headers(self) -> str:
        return unmarked(self.kept["answer"]["headers"])

    @property
    def answer(self) -> str:
        return _body(self.kept["answer"])

    @property
    def answer_title(self) -> str:
        return _title("Body of the answer", self.kept["answer"])

    @property
    def curl(self) -> str:
        """A command that sends it again, once its variables have been set."""
        lines = self.kept["headers"].split("\n")
        said = [each for each in lines if each.partition(":")[0].lower() not in BY_ITSELF]
        words = [f"curl -g -X {shlex.quote(self.kept['method'])} {_quoted(self.kept['url'])}"]
        words += [f"-H {_quoted(each)}" for each in said]
        if self.kept["body"] and not self.kept["is_cut"]:
            words.append(f"--data-raw {_quoted(self.kept['body'])}")
        return "\n".join([*self._notes, " \\\n  ".join(words)])

    @property
    def _notes(self) -> list[str]:
        parts = (self.kept["url"], self.kept["headers"], self.kept["body"])
        names = dict.fromkeys(f"${name}" for part in parts for name in MARKED.findall(part))
        notes = [f"# Set {listed([*names])} first: no secret is shown here."] if names else []
        return [*notes, "# The body was too long to be kept."] if self.kept["is_cut"] else notes


def _quoted(text: str) -> str:
    """For a shell, which puts in what the marks stand for. Every other one of the parts is the name
    of a mark."""
    parts = MARKED.split(text)
    words = [f'"${part}"' if at % 2 else _literal(part) for at, part in enumerate(parts)]
    return "".join(words) or "''"


def _literal(text: str) -> str:
    return shlex.quote(text) if text else ""


def _body(kept: Mapping[str, Any]) -> str:
    """Indented, where it is JSON; of a form, a line for each field."""
    text = unmarked(kept["body"])
    if kept["is_cut"]:
        return text
    if FORM in kept["headers"].lower():
        return "\n".join(f"{name}: {value}" for name, value in parse_qsl(text))
    try:
        return json.dumps(json.loads(text), indent=2, ensure_ascii=False)
    except (ValueError, RecursionError):
        return text


def _title(name: str, kept: Mapping[str, Any]) -> str:
    size = f"{kept['size']:,} bytes"
    return f"{name}: the first {LONGEST:,} characters of {size}" if kept["is_cut"] else name
