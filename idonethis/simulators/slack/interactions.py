"""What people press and choose: buttons of a message, shortcuts, the buttons of a modal.

Source: https://docs.slack.dev/reference/interaction-payloads
"""

from __future__ import annotations

import json
from dataclasses import dataclass

from ..params import BadParam
from ..sending import Attempt
from ..store import Record
from .demo import APP_ID, TEAM
from .messages import elements_of, public
from .outcomes import immediate, outcome, trouble
from .requests import VERIFICATION_TOKEN
from .world import World

# What an action says of the element that was acted upon.
TOLD = ("type", "text", "value", "style", "url", "selected_option")


@dataclass(frozen=True)
class Interactions:
    world: World

    async def click(
        self, origin: str, person: Record, channel: Record, *, message: Record, action_id: str
    ) -> Record:
        """Press a button of a message."""
        payload = {
            **self.common("block_actions", person),
            **self._place(origin, "actions", person=person, channel=channel, message=message),
            "container": container(channel, message),
            "state": {"values": {}},
            "actions": [self._action(message, action_id)],
        }
        # Slack does not say what an ephemeral message said.
        shown = {} if message["ephemeral_to"] else {"message": public(message)}
        return await self._seen({**payload, **shown}, person, channel)

    def _action(self, message: Record, named: str) -> Record:
        """The identifier of an action is unique in its block, not in the message.
        https://docs.slack.dev/reference/block-kit/block-elements/button-element"""
        block_id, _, action_id = named.rpartition("/")
        for block in message.get("blocks") or []:
            for element in elements_of(block):
                if element["action_id"] == action_id and block_id in ("", block["block_id"]):
                    told = {key: element[key] for key in TOLD if key in element}
                    ids = {"action_id": action_id, "block_id": block["block_id"]}
                    return {**ids, **told, "action_ts": self._instant()}
        raise BadParam(f"this message has no action {named}")

    async def message_shortcut(
        self, origin: str, person: Record, channel: Record, *, message: Record, callback_id: str
    ) -> Record:
        """Choose a shortcut of the application in the menu of a message."""
        payload = {
            **self.common("message_action", person),
            **self._place(origin, "app", person=person, channel=channel, message=message),
            "action_ts": self._instant(),
            "callback_id": callback_id,
            "message_ts": message["ts"],
            "message": public(message),
        }
        return await self._seen(payload, person, channel)

    async def global_shortcut(self, person: Record, callback_id: str) -> Record:
        """Choose a shortcut of the application in the search bar: there is no message to it."""
        about = {"action_ts": self._instant(), "callback_id": callback_id}
        attempt = await self.post({**self.common("shortcut", person), **about})
        return outcome(attempt, [], error=trouble(attempt), immediate=None)

    def _place(
        self, origin: str, source: str, *, person: Record, channel: Record, message: Record
    ) -> Record:
        url = self.world.responses.open(
            origin, source, channel=channel, user=person["id"], ts=message["ts"]
        )
        return {"channel": {"id": channel["id"], "name": told_name(channel)}, "response_url": url}

    async def _seen(self, payload: Record, person: Record, channel: Record) -> Record:
        attempt = await self.post(payload)
        error, slackbot = trouble(attempt), self.world.messages.by_slackbot
        seen = [slackbot(channel, error, ephemeral_to=person["id"])] if error else []
        return outcome(attempt, seen, error=error, immediate=immediate(attempt))

    async def post(self, payload: Record) -> Attempt:
        """Send an interaction payload. Raises BadParam when it is not known where to."""
        url = self.world.workspace.address("interactivity_url")
        fields = {"payload": json.dumps(payload, separators=(",", ":"))}
        return await self.world.requests.post_form(url, fields, what=str(payload["type"]))

    def common(self, kind: str, person: Record) -> Record:
        login = person["login"]
        user = {"id": person["id"], "username": login, "name": login, "team_id": TEAM["id"]}
        return {
            "type": kind,
            "user": user,
            "api_app_id": APP_ID,
            "token": VERIFICATION_TOKEN,
            "trigger_id": self.world.triggers.new(person["id"]),
            "team": {"id": TEAM["id"], "domain": TEAM["domain"]},
            "enterprise": None,
            "is_enterprise_install": False,
        }

    def _instant(self) -> str:
        return f"{self.world.workspace.now:.6f}"


def told_name(channel: Record) -> str:
    """What Slack calls a channel towards applications; the name of a private one stays inside."""
    private = channel["is_private"] and not channel["is_im"]
    return "privategroup" if private else str(channel["name"])


def container(channel: Record, message: Record) -> Record:
    return {
        "type": "message",
        "message_ts": message["ts"],
        "channel_id": channel["id"],
        "is_ephemeral": message["ephemeral_to"] is not None,
    }
