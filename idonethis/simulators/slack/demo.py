"""The workspace on the first day."""

from __future__ import annotations

from ..store import Record

TEAM = {"id": "T0ANALYTIC", "name": "Analytical", "domain": "analytical"}
APP_ID = "A0DONETHIS1"
BOT = {"user": "U0DONEBOT01", "id": "B0DONEBOT01", "name": "idonethis", "title": "I Done This"}
CREATED = 1_736_150_400
COLORS = {"ada": "9f69e7", "grace": "4bbe2e", "charles": "e7392d"}


def seed() -> Record:
    return {
        "accounts": accounts(),
        "channels": {channel["id"]: channel for channel in channels()},
        "installation": {"installed": False, "scopes": [], "bot_token": None},
        "response_urls": {},
        "triggers": {},
        "views": {},
        "requests": {"latest": []},
        "sequence": {},
        "settings": {},
    }


def accounts() -> Record:
    return {
        "ada": person("ada", "U0ADA181512", "Ada Lovelace", is_admin=True),
        "grace": person("grace", "U0GRACE1906", "Grace Hopper"),
        "charles": person("charles", "U0CHARLES79", "Charles Babbage", signs_in=False),
    }


def person(
    name: str, number: str, real_name: str, *, is_admin: bool = False, signs_in: bool = True
) -> Record:
    return {
        "id": number,
        "login": name,
        "name": real_name,
        "email": f"{name}@example.org",
        "color": COLORS[name],
        "is_admin": is_admin,
        "signs_in": signs_in,
    }


def channels() -> list[Record]:
    everyone = ["U0ADA181512", "U0GRACE1906", "U0CHARLES79"]
    return [
        channel("C0GENERAL01", "general", everyone, topic="For everyone"),
        channel("C0DONELOG01", "done", everyone, topic="What we got done"),
        channel("C0VAULT0001", "vault", everyone[:2], is_private=True),
    ]


def channel(
    number: str, name: str, members: list[str], *, topic: str = "", is_private: bool = False
) -> Record:
    return {
        "id": number,
        "name": name,
        "topic": topic,
        "is_private": is_private,
        "is_archived": False,
        "is_im": False,
        "members": list(members),
        "messages": [],
    }
