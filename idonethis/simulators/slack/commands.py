"""Slash commands: https://docs.slack.dev/interactivity/implementing-slash-commands"""

from __future__ import annotations

from dataclasses import dataclass

from ..store import Record
from .demo import APP_ID, TEAM
from .interactions import told_name
from .outcomes import command_error, immediate, outcome
from .requests import VERIFICATION_TOKEN
from .world import World


@dataclass(frozen=True)
class Commands:
    world: World

    async def type(
        self, origin: str, person: Record, channel: Record, *, command: str, text: str
    ) -> Record:
        """Type a command in a channel; what comes back is what the person sees."""
        url = self.world.workspace.address("slash_url")
        fields = self._fields(origin, person, channel, command=command, text=text)
        attempt = await self.world.requests.post_form(url, fields, what=f"command {command}")
        error, answer = command_error(attempt), immediate(attempt)
        if error:
            said = f'{command} failed with the error "{error}"'
            seen = [self.world.messages.by_slackbot(channel, said, ephemeral_to=person["id"])]
        else:
            seen = self._answered(answer, person, channel, typed=f"{command} {text}".strip())
        return outcome(attempt, seen, error=error, immediate=answer)

    def _fields(
        self, origin: str, person: Record, channel: Record, *, command: str, text: str
    ) -> Record:
        open_url, user = self.world.responses.open, person["id"]
        return {
            "token": VERIFICATION_TOKEN,
            "team_id": TEAM["id"],
            "team_domain": TEAM["domain"],
            "channel_id": channel["id"],
            "channel_name": told_name(channel),
            "user_id": user,
            "user_name": person["login"],
            "command": command,
            "text": text,
            "api_app_id": APP_ID,
            "is_enterprise_install": "false",
            "response_url": open_url(origin, "commands", channel=channel, user=user),
            "trigger_id": self.world.triggers.new(user),
        }

    def _answered(
        self, answer: Record | None, person: Record, channel: Record, *, typed: str
    ) -> list[Record]:
        """An answer for the channel shows there what was typed, too."""
        if answer is None:
            return []
        shown = []
        if answer.get("response_type") == "in_channel":
            shown = [self.world.messages.by_person(channel, person["id"], {"text": typed})]
        return [*shown, self.world.responses.answer(channel, person["id"], answer)]
