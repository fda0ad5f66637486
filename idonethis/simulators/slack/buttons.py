"""What a person or a test makes people in the workspace do."""

from __future__ import annotations

from dataclasses import dataclass

from ..control import Action
from ..params import Params
from ..store import Record
from .demo import BOT
from .installation import Installation
from .interactions import Interactions
from .messages import Messages, elements_of, public
from .workspace import Workspace

RECENT = 30


@dataclass(frozen=True)
class Buttons:
    workspace: Workspace
    messages: Messages
    interactions: Interactions
    installation: Installation

    def actions(self) -> dict[str, Action]:
        return {
            "command": self.command,
            "click": self.click,
            "shortcut": self.shortcut,
            "say": self.say,
            "invite": self.invite,
            "delete_message": self.delete_message,
            "uninstall": self.uninstall,
            "messages": self.listed,
        }

    async def command(self, params: Params, origin: str) -> Record:
        """`account` types `command` (such as /done) with `text` in `channel`."""
        person = self.workspace.asked_account(params)
        channel = self.workspace.asked_channel(params)
        command, text = params.text("command", "/done"), params.text("text", "")
        done = await self.interactions.command(origin, person, channel, command=command, text=text)
        return {**done, "said": done["error"] or ""}

    async def click(self, params: Params, origin: str) -> Record:
        """`account` presses `action_id` of the message `ts` in `channel`."""
        person = self.workspace.asked_account(params)
        channel = self.workspace.asked_channel(params)
        message = self.workspace.asked_message(params)
        done = await self.interactions.click(
            origin, person, channel, message=message, action_id=params.text("action_id")
        )
        return {**done, "said": done["error"] or ""}

    async def shortcut(self, params: Params, origin: str) -> Record:
        """`account` chooses the shortcut `callback_id` of the message `ts` in `channel`."""
        person = self.workspace.asked_account(params)
        channel = self.workspace.asked_channel(params)
        message = self.workspace.asked_message(params)
        callback_id = params.text("callback_id", "log_this")
        done = await self.interactions.shortcut(
            origin, person, channel, message=message, callback_id=callback_id
        )
        return {**done, "said": done["error"] or ""}

    async def say(self, params: Params, _: str) -> Record:
        """`account` writes `text` in `channel`."""
        person = self.workspace.asked_account(params)
        channel = self.workspace.asked_channel(params)
        text = {"text": params.text("text")}
        return public(self.messages.by_person(channel, person["id"], text))

    async def invite(self, params: Params, _: str) -> Record:
        """Invite the application into `channel`."""
        channel = self.workspace.asked_channel(params)
        if BOT["user"] not in channel["members"]:
            channel["members"].append(BOT["user"])
        return {"said": f"The app is in #{channel['name']}."}

    async def delete_message(self, params: Params, _: str) -> Record:
        """Delete the message `ts` in `channel`."""
        channel = self.workspace.asked_channel(params)
        self.messages.remove(channel, self.workspace.asked_message(params))
        return {"said": "Deleted."}

    async def uninstall(self, _: Params, __: str) -> Record:
        """Remove the application from the workspace."""
        return {"said": f"Removed; {await self.installation.uninstall()} tokens died."}

    async def listed(self, params: Params, _: str) -> Record:
        """The messages of `channel`, oldest first."""
        return {"messages": self.workspace.asked_channel(params)["messages"]}

    def home(self) -> Record:
        names = {person["id"]: person["name"] for person in self.workspace.people}
        names |= {BOT["user"]: BOT["title"], "USLACKBOT": "Slackbot"}
        return {
            "people": self.workspace.people,
            "installed": self.workspace.installation["installed"],
            "channels": [self._shown(c, names) for c in self.workspace.channels],
        }

    def _shown(self, channel: Record, names: Record) -> Record:
        messages = [shown(message, names) for message in channel["messages"][-RECENT:]]
        inside = BOT["user"] in channel["members"]
        return {**channel, "messages": messages, "inside": inside}


def shown(message: Record, names: Record) -> Record:
    """A message as the page shows it: who, to whom alone, and its buttons."""
    buttons = [
        {"action_id": element["action_id"], "label": element["text"]["text"]}
        for block in message.get("blocks") or []
        for element in elements_of(block)
        if element.get("type") == "button" and not element.get("url")
    ]
    return {
        **message,
        "who": names.get(message["user"], message["user"]),
        "only": names.get(message["ephemeral_to"] or "", ""),
        "buttons": buttons,
    }
