"""Messages: written, changed and taken back."""

from __future__ import annotations

import secrets

from ..store import Record
from .demo import APP_ID, BOT, TEAM
from .errors import SlackError
from .workspace import Workspace

# What a caller may put into a message, apart from where it goes.
CONTENT = ("text", "blocks", "attachments", "metadata", "thread_ts")
SLACKBOT = "USLACKBOT"
MOST_BLOCKS = 50


class Messages:
    """ephemeral_to is the one person who sees a message; None for a message that all see."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace

    def by_bot(
        self, channel: Record, content: Record, *, ephemeral_to: str | None = None
    ) -> Record:
        author = {
            "user": BOT["user"],
            "bot_id": BOT["id"],
            "app_id": APP_ID,
            "bot_profile": bot_profile(),
        }
        return self._write(channel, {**author, **content}, ephemeral_to=ephemeral_to)

    def by_person(self, channel: Record, user: str, content: Record) -> Record:
        client_msg_id = {"client_msg_id": secrets.token_hex(16)}
        return self._write(channel, {"user": user, **client_msg_id, **content}, ephemeral_to=None)

    def by_slackbot(self, channel: Record, text: str, *, ephemeral_to: str) -> Record:
        """What Slack itself tells a person when the application failed."""
        said = {"user": SLACKBOT, "text": text}
        return self._write(channel, {**said, "failed": True}, ephemeral_to=ephemeral_to)

    def _write(self, channel: Record, facts: Record, *, ephemeral_to: str | None) -> Record:
        message = {
            "type": "message",
            "ts": self._workspace.new_ts(),
            "team": TEAM["id"],
            "text": "",
            **facts,
            "ephemeral_to": ephemeral_to,
        }
        number_blocks(message)
        channel["messages"].append(message)
        return message

    def change(self, message: Record, content: Record) -> Record:
        """Put other content in; blocks that are not given again go away with the old text."""
        kept = {
            key: value for key, value in message.items() if key not in ("blocks", "attachments")
        }
        edited = {"user": message["user"], "ts": f"{int(self._workspace.now)}.000000"}
        message.clear()
        message.update({**kept, **content, "edited": edited})
        number_blocks(message)
        return message

    def remove(self, channel: Record, message: Record) -> None:
        channel["messages"].remove(message)


def number_blocks(message: Record) -> None:
    """Slack gives a name to each block and each action that came without one."""
    for block in message.get("blocks") or []:
        block.setdefault("block_id", secrets.token_urlsafe(4))
        for element in elements_of(block):
            element.setdefault("action_id", secrets.token_urlsafe(4))


def elements_of(block: Record) -> list[Record]:
    """The parts of a block that a person can act on."""
    parts = [*block.get("elements", []), block.get("accessory"), block.get("element")]
    passive = ("image", "mrkdwn", "plain_text", "rich_text_section", "rich_text_list")
    return [part for part in parts if part and part.get("type") not in passive]


def content_of(body: Record) -> Record:
    """What there is of a message in a body. Raises SlackError for blocks that are none."""
    blocks = body.get("blocks") or []
    if not isinstance(blocks, list) or len(blocks) > MOST_BLOCKS:
        raise SlackError("invalid_blocks")
    if not all(isinstance(block, dict) and block.get("type") for block in blocks):
        raise SlackError("invalid_blocks")
    return {key: body[key] for key in CONTENT if body.get(key)}


def public(message: Record) -> Record:
    """A message without what only the simulator knows."""
    return {key: value for key, value in message.items() if key not in ("ephemeral_to", "failed")}


def bot_profile() -> Record:
    return {
        "id": BOT["id"],
        "app_id": APP_ID,
        "name": BOT["title"],
        "deleted": False,
        "updated": 1_736_150_400,
        "team_id": TEAM["id"],
    }
