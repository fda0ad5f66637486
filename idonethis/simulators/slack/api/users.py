"""users.*: https://docs.slack.dev/reference/objects/user-object"""

from __future__ import annotations

from ...store import Record
from ..demo import APP_ID, BOT, CREATED, TEAM
from ..errors import SlackError
from .call import Call
from .conversations import paged

SIZES = (24, 32, 48, 72, 192, 512)


async def info(call: Call) -> Record:
    for person in everyone(call):
        if person["id"] == call.text("user"):
            return {"user": shown(call, person)}
    raise SlackError("user_not_found")


async def lookup_by_email(call: Call) -> Record:
    """Takes users:read.email; the address is not case-sensitive."""
    email = call.text("email").lower()
    for person in call.world.workspace.people:
        if person["email"].lower() == email:
            return {"user": shown(call, person)}
    raise SlackError("users_not_found")


async def listed(call: Call) -> Record:
    page, cursor = paged(call, everyone(call))
    members = [shown(call, person) for person in page]
    return {
        "members": members,
        "cache_ts": int(call.world.workspace.now),
        "response_metadata": {"next_cursor": cursor},
    }


def everyone(call: Call) -> list[Record]:
    """The people and the bot."""
    bot = {"id": BOT["user"], "login": BOT["name"], "name": BOT["title"], "color": "4ec0d6"}
    return [*call.world.workspace.people, {**bot, "email": "", "is_admin": False, "is_bot": True}]


def shown(call: Call, person: Record) -> Record:
    is_bot = person.get("is_bot", False)
    return {
        "id": person["id"],
        "team_id": TEAM["id"],
        "name": person["login"],
        "deleted": False,
        "color": person["color"],
        "real_name": person["name"],
        "tz": "Europe/London",
        "tz_label": "Greenwich Mean Time",
        "tz_offset": 0,
        "profile": profile(call, person),
        "is_admin": person["is_admin"],
        "is_owner": person["is_admin"],
        "is_primary_owner": person["is_admin"],
        "is_restricted": False,
        "is_ultra_restricted": False,
        "is_bot": is_bot,
        "is_app_user": False,
        "updated": CREATED,
        "is_email_confirmed": not is_bot,
        "who_can_share_contact_card": "EVERYONE",
    }


def profile(call: Call, person: Record) -> Record:
    """The address shows only with users:read.email."""
    first, _, last = person["name"].partition(" ")
    may_see = "users:read.email" in call.token["scopes"] and person["email"]
    bot = {"api_app_id": APP_ID, "bot_id": BOT["id"]} if person.get("is_bot") else {}
    return {
        "title": "",
        "phone": "",
        "skype": "",
        "real_name": person["name"],
        "real_name_normalized": person["name"],
        "display_name": person["login"],
        "display_name_normalized": person["login"],
        "first_name": first,
        "last_name": last,
        "fields": None,
        "status_text": "",
        "status_emoji": "",
        "status_expiration": 0,
        "avatar_hash": f"g{person['id'].lower()}",
        **{f"image_{size}": f"https://avatars.example.com/{size}.png" for size in SIZES},
        **({"email": person["email"]} if may_see else {}),
        "team": TEAM["id"],
        **bot,
    }
