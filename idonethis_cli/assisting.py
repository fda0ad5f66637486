"""What assistants on this machine say to the server, and what it answers: lines on stdin and
stdout, which go on to it by HTTP. https://modelcontextprotocol.io/specification/2025-11-25/basic/transports"""

from __future__ import annotations

import json
import sys
from typing import Any, TypeGuard

from idonethis_cli import asking
from idonethis_cli.ending import Failed
from idonethis_cli.reading import server_here
from idonethis_cli.server import Server

#: Looking through a lot may take a while.
PATIENT = 120
ONLY_DRAFTS = {"Idonethis-Only-Drafts": "1"}
VERSION = "io.modelcontextprotocol/protocolVersion"
#: https://www.jsonrpc.org/specification#error_object
FAILED, UNREADABLE = -32000, -32700
UNSURE = "If it was to log something, ask again with the same key: that is never a second entry."
EXAMPLES = """\
  did mcp             an assistant reads, and drafts what you then say yes to
  did mcp --at-once   what it logs is in the log at once

Assistants start it by themselves; see docs/assistants.md."""


def main(name: str, words: list[str]) -> int:
    asked = asking.parser("did mcp", "Lets an assistant on this machine use your log.", EXAMPLES)
    asked.add_argument("--at-once", action="store_true", help="it may write, not only draft")
    said = asked.parse_args(words)
    server = Server(server_here().url, PATIENT)
    talk = Talk(server, {} if said.at_once else ONLY_DRAFTS)
    for line in sys.stdin.buffer:
        if line.strip() and (answer := talk.answer(line)) is not None:
            sys.stdout.write(f"{json.dumps(answer)}\n")
            sys.stdout.flush()
    return 0


class Talk:
    """What an assistant says, from its first line to its last."""

    def __init__(self, server: Server, headers: dict[str, str]) -> None:
        self._server, self._headers = server, headers
        #: As it was agreed upon at the beginning; newer assistants say it with each message.
        self._version = ""

    def answer(self, line: bytes) -> Any:
        """None to what is only told."""
        try:
            message = json.loads(line)
        except ValueError:
            return _problem(None, UNREADABLE, "This line is no JSON. Nothing was done.")
        if not isinstance(message, dict):
            return _problem(None, UNREADABLE, "This line is no message. Nothing was done.")
        answer = self._passed_on(line, message)
        return answer if "id" in message else None

    def _passed_on(self, line: bytes, message: dict[str, Any]) -> Any:
        number = message.get("id")
        try:
            answer = self._server.speak(line.strip(), self._headers | self._routing(message))
        except Failed as problem:
            return _problem(number, FAILED, f"{problem} {UNSURE}")
        if not isinstance(answer.said, dict) or "jsonrpc" not in answer.said:
            return _problem(number, FAILED, answer.error)
        self._agree(answer.said)
        return answer.said

    def _routing(self, message: dict[str, Any]) -> dict[str, str]:
        """What stands in the message and has to stand in the headers, too."""
        params = _object(message.get("params"))
        meta = _object(params.get("_meta"))
        said = {
            "MCP-Protocol-Version": meta.get(VERSION) or self._version,
            "Mcp-Method": message.get("method"),
            "Mcp-Name": params.get("name"),
        }
        fits = {name: value for name, value in said.items() if _fits(value)}
        both = "application/json, text/event-stream"
        return {"Content-Type": "application/json", "Accept": both, **fits}

    def _agree(self, said: dict[str, Any]) -> None:
        version = _object(said.get("result")).get("protocolVersion")
        if _fits(version):
            self._version = version


def _object(said: Any) -> dict[str, Any]:
    return said if isinstance(said, dict) else {}


def _fits(value: Any) -> TypeGuard[str]:
    """Nothing that would be more than one header."""
    return isinstance(value, str) and bool(value) and value.isascii() and value.isprintable()


def _problem(number: Any, code: int, sentence: str) -> dict[str, Any]:
    return {"jsonrpc": "2.0", "id": number, "error": {"code": code, "message": sentence}}
