"""Where each field of a body most likely stands, for an author to begin with."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Any

from idonethis.integrations.kits.mapped.leaves import Leaf, leaves

#: What senders call each field, the likeliest first.
TEXT = ("title", "subject", "summary", "headline", "text", "message", "name", "description", "body")
ID = ("id", "uuid", "guid", "iid", "key", "number", "external_id")
ADDRESS = ("html_url", "web_url", "permalink", "url", "link", "href")
PERSON = ("email", "login", "username", "user_name", "id", "user_id", "author_id", "name")
#: Fields under which a person stands.
PEOPLE = re.compile(r"user|author|actor|sender|assignee|member|owner|creator|person|employee", re.I)


def likely(body: Any, *, text: str = "") -> dict[str, str]:
    """The paths of what was found, by the field's name; ``text``: where it stands, if known.
    Nothing, where nothing looks like a text."""
    found = leaves(body)
    people = [leaf for leaf in found if PEOPLE.search(leaf.path)]
    things = [leaf for leaf in found if leaf not in people]
    text = text or _likeliest(things, TEXT)
    beside = [leaf for leaf in things if _parent(leaf.path) == _parent(text)]
    pages = [leaf for leaf in [*beside, *things] if leaf.value.startswith(("https://", "http://"))]
    fields = {
        "text": text,
        "external_id": _likeliest(beside, ID),
        "url": _likeliest(pages, ADDRESS),
        "person": _likeliest(people, PERSON),
    }
    return {name: path for name, path in fields.items() if path} if text else {}


def _likeliest(found: Iterable[Leaf], names: Sequence[str]) -> str:
    """By its name, and of those called alike the one that stands least deep."""
    paths = [leaf.path for leaf in found if _name(leaf.path) in names]
    order = {path: (names.index(_name(path)), path.count(".")) for path in paths}
    return min(paths, key=order.__getitem__, default="")


def _name(path: str) -> str:
    return path.rpartition(".")[2]


def _parent(path: str) -> str:
    return path.rpartition(".")[0]
