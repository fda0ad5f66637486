"""conversations.*: channels, as https://docs.slack.dev/reference/objects/conversation-object"""

from __future__ import annotations

import base64
import binascii

from ...store import Record
from ..demo import CREATED, TEAM
from ..errors import SlackError
from .call import Call

KINDS = {
    "public_channel": "channels:read",
    "private_channel": "groups:read",
    "im": "im:read",
    "mpim": "mpim:read",
}
MOST = 1_000
# What no channel of this workspace is.
NEVER = {
    "is_mpim": False,
    "unlinked": 0,
    "is_shared": False,
    "is_ext_shared": False,
    "is_org_shared": False,
    "is_pending_ext_shared": False,
    "pending_shared": [],
    "parent_conversation": None,
    "previous_names": [],
}


async def listed(call: Call) -> Record:
    """Public channels, and of the others those where the caller is a member."""
    found = [channel for channel in call.world.workspace.channels if wanted(call, channel)]
    if call.flag("exclude_archived"):
        found = [channel for channel in found if not channel["is_archived"]]
    page, cursor = paged(call, found)
    return {
        "channels": [shown(channel, call.user) for channel in page],
        "response_metadata": {"next_cursor": cursor},
    }


def wanted(call: Call, channel: Record) -> bool:
    kinds = [kind.strip() for kind in call.text("types", "public_channel").split(",")]
    if any(kind not in KINDS for kind in kinds):
        raise SlackError("invalid_types")
    for kind in kinds:
        call.needs(KINDS[kind])
    member = not channel["is_private"] or call.user in channel["members"]
    return member and kind_of(channel) in kinds


def kind_of(channel: Record) -> str:
    if channel["is_im"]:
        return "im"
    return "private_channel" if channel["is_private"] else "public_channel"


def paged(call: Call, items: list[Record]) -> tuple[list[Record], str]:
    """One page, and the cursor of the next: "" on the last page."""
    limit = call.number("limit", 100, most=MOST)
    start = position(call.text("cursor"), items)
    following = items[start + limit : start + limit + 1]
    return items[start : start + limit], cursor_at(following[0]["id"]) if following else ""


def cursor_at(number: str) -> str:
    return base64.b64encode(f"next:{number}".encode()).decode()


def position(cursor: str, items: list[Record]) -> int:
    if not cursor:
        return 0
    try:
        number = base64.b64decode(cursor, validate=True).decode().removeprefix("next:")
    except (binascii.Error, UnicodeDecodeError) as error:
        raise SlackError("invalid_cursor") from error
    for index, item in enumerate(items):
        if item["id"] == number:
            return index
    raise SlackError("invalid_cursor")


async def info(call: Call) -> Record:
    channel = call.channel()
    call.needs(KINDS[kind_of(channel)])
    return {"channel": shown(channel, call.user)}


async def join(call: Call) -> Record:
    """Public channels only; into a private one the application must be invited."""
    channel = call.channel()
    if channel["is_private"]:
        raise SlackError("method_not_supported_for_channel_type")
    if channel["is_archived"]:
        raise SlackError("is_archived")
    known = call.user in channel["members"]
    if not known:
        channel["members"].append(call.user)
    already = {"warning": "already_in_channel"} if known else {}
    return {"channel": shown(channel, call.user), **already}


async def opened(call: Call) -> Record:
    """The direct messages with one person."""
    person = call.world.workspace.person(call.text("users"))
    if person is None:
        raise SlackError("user_not_found")
    return {"channel": {"id": call.world.workspace.direct(person["id"])["id"]}}


def shown(channel: Record, user: str) -> Record:
    """A conversation as that user sees it."""
    private = channel["is_private"]
    note = {"creator": "", "last_set": 0}
    return {
        **NEVER,
        "id": channel["id"],
        "name": channel["name"],
        "name_normalized": channel["name"],
        "is_channel": not private,
        "is_group": private and not channel["is_im"],
        "is_im": channel["is_im"],
        "is_private": private,
        "created": CREATED,
        "updated": CREATED * 1000,
        "creator": "U0ADA181512",
        "is_archived": channel["is_archived"],
        "is_general": channel["name"] == "general",
        "context_team_id": TEAM["id"],
        "is_member": user in channel["members"],
        "topic": {"value": channel["topic"], **note},
        "purpose": {"value": "", **note},
        "num_members": len(channel["members"]),
    }
