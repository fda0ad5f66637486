"""The methods themselves, each as its page in https://docs.slack.dev/reference/methods says."""

from __future__ import annotations

from starlette.routing import Route

from ...store import Record
from ..demo import BOT, TEAM
from ..errors import SlackError
from ..messages import content_of, public
from .call import Call, Method, Slack, route

LONGEST = 40_000


async def auth_test(call: Call) -> Record:
    team = {
        "team": TEAM["name"],
        "team_id": TEAM["id"],
        "url": f"https://{TEAM['domain']}.slack.com/",
    }
    return {**team, "user": BOT["name"], "user_id": BOT["user"], "bot_id": BOT["id"]}


async def auth_revoke(call: Call) -> Record:
    return {"revoked": bool(await call.slack.installation.revoke([call.token]))}


async def conversations_list(call: Call) -> Record:
    """Public channels, and the private ones that the bot was invited to."""
    call.needs("channels:read")
    kinds = call.text("types", "public_channel").split(",")
    if "private_channel" in kinds:
        call.needs("groups:read")
    listed = [shown(c) for c in call.slack.workspace.channels if wanted(c, kinds)]
    if call.text("exclude_archived") == "true":
        listed = [c for c in listed if not c["is_archived"]]
    start, limit = int(call.text("cursor") or 0), int(call.text("limit", "100"))
    following = str(start + limit) if start + limit < len(listed) else ""
    return {
        "channels": listed[start : start + limit],
        "response_metadata": {"next_cursor": following},
    }


def wanted(channel: Record, kinds: list[str]) -> bool:
    if channel["is_im"]:
        return False
    if channel["is_private"]:
        return "private_channel" in kinds and BOT["user"] in channel["members"]
    return "public_channel" in kinds


def shown(channel: Record) -> Record:
    return {
        "id": channel["id"],
        "name": channel["name"],
        "is_channel": not channel["is_private"],
        "is_private": channel["is_private"],
        "is_archived": channel["is_archived"],
        "is_member": BOT["user"] in channel["members"],
        "num_members": len(channel["members"]),
    }


async def conversations_info(call: Call) -> Record:
    channel = call.channel()
    call.needs("groups:read" if channel["is_private"] else "channels:read")
    return {"channel": shown(channel)}


async def chat_post_message(call: Call) -> Record:
    """Into public channels without joining them only with chat:write.public."""
    call.needs("chat:write")
    channel = call.channel()
    if channel["is_archived"]:
        raise SlackError("is_archived")
    is_member = BOT["user"] in channel["members"]
    if not is_member and "chat:write.public" not in call.token["scopes"]:
        raise SlackError("not_in_channel")
    message = call.slack.messages.by_bot(channel, checked(call))
    return {"channel": channel["id"], "ts": message["ts"], "message": public(message)}


def checked(call: Call) -> Record:
    content = content_of(call.arguments)
    if not content:
        raise SlackError("no_text")
    if len(str(content.get("text", ""))) > LONGEST:
        raise SlackError("msg_too_long")
    return content


async def chat_update(call: Call) -> Record:
    call.needs("chat:write")
    channel = call.channel()
    message = call.message(channel)
    if message["user"] != BOT["user"]:
        raise SlackError("cant_update_message")
    call.slack.messages.change(message, checked(call))
    return {"channel": channel["id"], "ts": message["ts"], "text": message["text"]}


async def chat_delete(call: Call) -> Record:
    call.needs("chat:write")
    channel = call.channel()
    message = call.message(channel)
    if message["user"] != BOT["user"]:
        raise SlackError("cant_delete_message")
    call.slack.messages.remove(channel, message)
    return {"channel": channel["id"], "ts": message["ts"]}


METHODS: dict[str, Method] = {
    "auth.test": auth_test,
    "auth.revoke": auth_revoke,
    "conversations.list": conversations_list,
    "conversations.info": conversations_info,
    "chat.postMessage": chat_post_message,
    "chat.update": chat_update,
    "chat.delete": chat_delete,
}


def routes(slack: Slack) -> list[Route]:
    return [route(slack, name, method) for name, method in METHODS.items()]
