"""An application that receives hooks and checks their signatures by itself."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import json
from dataclasses import dataclass
from urllib.parse import parse_qs

from starlette.requests import Request
from starlette.responses import Response


@dataclass(frozen=True)
class Received:
    headers: dict
    body: bytes

    @property
    def json(self):
        """The body, also when it is the payload of a form."""
        if self.headers["content-type"].startswith("application/json"):
            return json.loads(self.body)
        return json.loads(self.form["payload"])

    @property
    def form(self):
        fields = parse_qs(self.body.decode(), keep_blank_values=True)
        return {name: values[0] for name, values in fields.items()}

    @property
    def event(self):
        action = self.json.get("action")
        name = self.headers["x-github-event"]
        return f"{name}.{action}" if action else name

    def signed_as_github(self, secret):
        mac = hmac.new(secret.encode(), self.body, hashlib.sha256).hexdigest()
        return self.headers.get("x-hub-signature-256") == f"sha256={mac}"

    def signed_as_slack(self, secret):
        timestamp = self.headers.get("x-slack-request-timestamp", "")
        message = b"v0:" + timestamp.encode() + b":" + self.body
        mac = hmac.new(secret.encode(), message, hashlib.sha256).hexdigest()
        return self.headers.get("x-slack-signature") == f"v0={mac}"


class Receiver:
    """`answers` are given one after the other, the last one for ever: a status, a body, or seconds
    to wait."""

    def __init__(self):
        self.url = ""
        self.got: list[Received] = []
        self.answers: list = [Response("ok")]

    async def __call__(self, scope, receive, send):
        if scope["type"] != "http":
            return await lifespan(receive, send)
        request = Request(scope, receive)
        self.got.append(Received(dict(request.headers), await request.body()))
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        if isinstance(answer, float):
            await asyncio.sleep(answer)
            answer = Response("late")
        await answer(scope, receive, send)

    @property
    def events(self):
        return [received.event for received in self.got]


def bodies(receiver, event):
    """What arrived under that name, oldest first."""
    return [received.json for received in receiver.got if received.event == event]


async def lifespan(receive, send):
    while True:
        message = await receive()
        await send({"type": f"{message['type']}.complete"})
        if message["type"] == "lifespan.shutdown":
            return
