"""What people do with the application: commands, buttons, shortcuts, modals.

Sources: https://docs.slack.dev/interactivity/implementing-slash-commands,
https://docs.slack.dev/reference/interaction-payloads
"""

from __future__ import annotations

import json
from dataclasses import dataclass

from ..params import BadParam
from ..sending import Attempt
from ..store import Record
from .demo import APP_ID, TEAM
from .messages import Messages, content_of, elements_of, public
from .requests import VERIFICATION_TOKEN, Requests
from .responses import Responses
from .triggers import Triggers
from .workspace import Workspace

TROUBLE = "We had some trouble connecting. Try again?"


@dataclass(frozen=True)
class Interactions:
    workspace: Workspace
    messages: Messages
    requests: Requests
    responses: Responses
    triggers: Triggers

    async def command(
        self, origin: str, person: Record, channel: Record, *, command: str, text: str
    ) -> Record:
        """Type a slash command; what comes back is what the person sees."""
        url = self._url("slash_url")
        fields = {
            "token": VERIFICATION_TOKEN,
            "team_id": TEAM["id"],
            "team_domain": TEAM["domain"],
            "channel_id": channel["id"],
            "channel_name": told_name(channel),
            "user_id": person["id"],
            "user_name": person["login"],
            "command": command,
            "text": text,
            "api_app_id": APP_ID,
            "is_enterprise_install": "false",
            "response_url": self.responses.open(
                origin, "commands", channel=channel, user=person["id"]
            ),
            "trigger_id": self.triggers.new(person["id"]),
        }
        attempt = await self.requests.post_form(url, fields, what=f"command {command}")
        return self._command_seen(attempt, person, channel, typed=f"{command} {text}".strip())

    def _command_seen(
        self, attempt: Attempt, person: Record, channel: Record, *, typed: str
    ) -> Record:
        error = command_error(attempt)
        answer = immediate(attempt) if not error else None
        seen: list[Record] = []
        if error:
            name = typed.split(" ")[0]
            text = f'{name} failed with the error "{error}"'
            seen = [self.messages.by_slackbot(channel, text, ephemeral_to=person["id"])]
        elif answer:
            seen = self._answered(answer, person, channel, typed=typed)
        return outcome(attempt, seen, error=error, immediate=answer)

    def _answered(
        self, answer: Record, person: Record, channel: Record, *, typed: str
    ) -> list[Record]:
        """An answer for the channel shows there what was typed, too."""
        shown = []
        if answer.get("response_type") == "in_channel":
            shown = [self.messages.by_person(channel, person["id"], {"text": typed})]
        return [*shown, self.responses.answer(channel, person["id"], answer)]

    async def click(
        self, origin: str, person: Record, channel: Record, *, message: Record, action_id: str
    ) -> Record:
        """Press a button of a message."""
        action = self._action(message, action_id)
        payload = {
            **self._common("block_actions", person),
            "container": container(channel, message),
            "channel": {"id": channel["id"], "name": told_name(channel)},
            "state": {"values": {}},
            "response_url": self.responses.open(
                origin, "actions", channel=channel, user=person["id"], ts=message["ts"]
            ),
            "actions": [action],
        }
        if message["ephemeral_to"] is None:
            payload["message"] = public(message)
        return await self._interact(payload, person, channel)

    def _action(self, message: Record, action_id: str) -> Record:
        for block in message.get("blocks", []):
            for element in elements_of(block):
                if element["action_id"] == action_id:
                    chosen = ("type", "text", "value", "url", "style", "selected_option")
                    pressed = {key: element[key] for key in chosen if key in element}
                    ids = {"action_id": action_id, "block_id": block["block_id"]}
                    return {**ids, **pressed, "action_ts": f"{self.workspace.now:.6f}"}
        raise BadParam(f"this message has no action {action_id}")

    async def shortcut(
        self, origin: str, person: Record, channel: Record, *, message: Record, callback_id: str
    ) -> Record:
        """Choose the application's shortcut in the menu of a message."""
        payload = {
            **self._common("message_action", person),
            "action_ts": f"{self.workspace.now:.6f}",
            "callback_id": callback_id,
            "message_ts": message["ts"],
            "response_url": self.responses.open(
                origin, "app", channel=channel, user=person["id"], ts=message["ts"]
            ),
            "channel": {"id": channel["id"], "name": told_name(channel)},
            "message": public(message),
        }
        return await self._interact(payload, person, channel)

    async def _interact(self, payload: Record, person: Record, channel: Record) -> Record:
        attempt = await self._post(payload)
        error = "" if attempt.arrived else TROUBLE
        seen = []
        if error:
            seen = [self.messages.by_slackbot(channel, error, ephemeral_to=person["id"])]
        return outcome(attempt, seen, error=error, immediate=immediate(attempt))

    async def _post(self, payload: Record) -> Attempt:
        fields = {"payload": json.dumps(payload, separators=(",", ":"))}
        what = str(payload["type"])
        return await self.requests.post_form(self._url("interactivity_url"), fields, what=what)

    def _common(self, kind: str, person: Record) -> Record:
        return {
            "type": kind,
            "user": {
                "id": person["id"],
                "username": person["login"],
                "name": person["login"],
                "team_id": TEAM["id"],
            },
            "api_app_id": APP_ID,
            "token": VERIFICATION_TOKEN,
            "trigger_id": self.triggers.new(person["id"]),
            "team": {"id": TEAM["id"], "domain": TEAM["domain"]},
            "enterprise": None,
            "is_enterprise_install": False,
        }

    def _url(self, setting: str) -> str:
        url = self.workspace.store.table("settings").get(setting, "")
        if not url:
            raise BadParam(f"{setting} is not set; nothing was sent")
        return str(url)


def told_name(channel: Record) -> str:
    """What Slack calls a channel towards applications: private ones keep their name to themselves
    in commands. https://docs.slack.dev/interactivity/implementing-slash-commands"""
    return "privategroup" if channel["is_private"] and not channel["is_im"] else channel["name"]


def command_error(attempt: Attempt) -> str:
    """The word that a person sees when a command got no proper answer."""
    if attempt.error == "timeout":
        return "operation_timeout"
    if attempt.error == "connection":
        return "dispatch_unknown_error"
    return "" if attempt.arrived else "dispatch_failed"


def immediate(attempt: Attempt) -> Record | None:
    """The message in the answer, if there is one: JSON, or plain text."""
    if not attempt.arrived or not attempt.body.strip():
        return None
    try:
        body = json.loads(attempt.body)
    except ValueError:
        return {"text": attempt.body}
    return body if isinstance(body, dict) and content_of(body) else None


def container(channel: Record, message: Record) -> Record:
    return {
        "type": "message",
        "message_ts": message["ts"],
        "channel_id": channel["id"],
        "is_ephemeral": message["ephemeral_to"] is not None,
    }


def outcome(
    attempt: Attempt, seen: list[Record], *, error: str, immediate: Record | None
) -> Record:
    """What the person got to see, and how long it took."""
    shown = [public(message) for message in seen]
    told = {"error": error or None, "immediate": immediate, "seen": shown}
    return {**told, **attempt.as_record(), "error": error or None}
