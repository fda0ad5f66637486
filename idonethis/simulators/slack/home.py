"""The page on which a person plays the people of the workspace."""

from __future__ import annotations

import re

from ..store import Record
from .demo import BOT
from .messages import SLACKBOT, elements_of
from .world import World

RECENT = 30
SENT = 12
# What goes out in mrkdwn as <target> or <target|label>.
LINK = re.compile(r"<([^<>|]+)(?:\|([^<>]*))?>")
BOLD = re.compile(r"(?<![\w*])\*([^*\n]+)\*(?![\w*])")
ENTITIES = (("&lt;", "<"), ("&gt;", ">"), ("&amp;", "&"))


def home(world: World) -> Record:
    names = {person["id"]: person["name"] for person in world.workspace.people}
    names |= {BOT["user"]: BOT["title"], SLACKBOT: "Slackbot"}
    return {
        "people": world.workspace.people,
        "installed": world.workspace.installation["installed"],
        "channels": [channel_shown(channel, names) for channel in world.workspace.channels],
        "views": [
            view_shown(view, names) for view in world.workspace.store.table("views").values()
        ],
        "requests": [request_shown(sent) for sent in reversed(world.requests.latest[-SENT:])],
    }


def request_shown(sent: Record) -> Record:
    return {**sent, "took": f"{sent['seconds']:.2f} s", "try": int(sent["retry"] or 0) + 1}


def channel_shown(channel: Record, names: Record) -> Record:
    messages = [message_shown(message, names) for message in channel["messages"][-RECENT:]]
    other = names.get(channel["members"][0], "") if channel["is_im"] else ""
    title = f"Direct messages with {other}" if channel["is_im"] else f"#{channel['name']}"
    inside = BOT["user"] in channel["members"]
    return {**channel, "title": title, "messages": messages, "inside": inside}


def message_shown(message: Record, names: Record) -> Record:
    """Who, to whom alone, the paragraphs, and what can be pressed."""
    blocks = message.get("blocks") or []
    lines = [line for block in blocks for line in words_of(block)] or [message["text"]]
    return {
        **message,
        "who": names.get(message["user"], message["user"]),
        "only": names.get(message["ephemeral_to"] or "", ""),
        "lines": [spans(plain(line, names)) for line in lines if line],
        "buttons": [button for block in blocks for button in buttons_of(block)],
    }


def words_of(block: Record) -> list[str]:
    """The texts of a section, a header or a context, in order."""
    fields = [field["text"] for field in block.get("fields", [])]
    inside = block.get("elements", []) if block["type"] == "context" else []
    elements = [element["text"] for element in inside if isinstance(element.get("text"), str)]
    text = block.get("text")
    return [*([text["text"]] if isinstance(text, dict) else []), *fields, *elements]


def buttons_of(block: Record) -> list[Record]:
    return [
        {
            "action_id": f"{block['block_id']}/{part['action_id']}",
            "label": part["text"]["text"],
            "url": part.get("url"),
        }
        for part in elements_of(block)
        if part.get("type") == "button"
    ]


def plain(text: str, names: Record) -> str:
    """mrkdwn as one reads it: links by their label, people by their name."""

    def named(found: re.Match[str]) -> str:
        target, label = found.group(1), found.group(2)
        return label or str(names.get(target.removeprefix("@"), target))

    text = LINK.sub(named, text)
    for entity, sign in ENTITIES:
        text = text.replace(entity, sign)
    return text


def spans(text: str) -> list[Record]:
    """A line cut where *bold* begins and ends."""
    parts = BOLD.split(text)
    return [{"text": part, "bold": number % 2 == 1} for number, part in enumerate(parts) if part]


def view_shown(view: Record, names: Record) -> Record:
    """A modal with its inputs; what is wrong with one stands beside it."""
    errors = view["errors"]
    return {
        **view,
        "for": names.get(view["opened_by"], ""),
        "heading": view["title"]["text"],
        "send": (view["submit"] or {}).get("text", "Submit"),
        "words": [
            spans(plain(line, names)) for block in view["blocks"] for line in words_of(block)
        ],
        "inputs": [input_shown(block, errors) for block in view["blocks"] if is_input(block)],
    }


def is_input(block: Record) -> bool:
    return bool(block["type"] == "input")


def input_shown(block: Record, errors: Record) -> Record:
    element = block["element"]
    return {
        "name": f"{block['block_id']}/{element['action_id']}",
        "label": block["label"]["text"],
        "value": element.get("initial_value", ""),
        "many": element.get("multiline", False),
        "options": [
            {"value": option["value"], "label": option["text"]["text"]}
            for option in element.get("options", [])
        ],
        "error": errors.get(block["block_id"], ""),
    }
