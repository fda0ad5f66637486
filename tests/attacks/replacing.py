"""A fixture of an integration with another text in every place of which something shows."""

from __future__ import annotations

import json
from copy import deepcopy
from functools import cache
from pathlib import Path
from urllib.parse import parse_qsl, urlencode

from idonethis.integrations.examples import more_of
from idonethis.integrations.plain_link import PlainLink
from idonethis.integrations.testing import headers_of
from idonethis.integrations.values import Hook, Unreadable
from tests.attacks.spoiling import Place, at, leaves, put

#: Where a text that is a whole mail goes over from what it says of itself to what it says.
BODY = "\r\n\r\n"

MARK = "https://marker.example/qzx"


def loaded(integration, path: Path, payload: str, *, number: int):
    """Body, headers, and what the partner says besides. In every fifth, all texts are replaced,
    those that never show, too."""
    whole, packed = parsed(path)
    for place in leaves(whole) if number % 5 == 0 else telling(integration, path):
        said = at(whole, place)
        put(whole, place, instead(said, payload if number % 5 == 0 else f"{payload} {said}"))
    own = {integration.delivery_header.lower(): str(number)} if integration.delivery_header else {}
    return packed(whole["body"]), headers_of(integration, path) | own, whole["more"]


def instead(said, new: str) -> str:
    """Of a whole mail the head stays, without which it is none."""
    head, between, body = said.partition(BODY) if isinstance(said, str) else ("", "", "")
    return head + between + new.replace(said, body) if between else new


@cache
def telling(integration, path: Path) -> list[Place]:
    """The places whose texts show in what the hook becomes."""
    whole, packed = parsed(path)
    found = []
    for place in leaves(whole):
        marked = deepcopy(whole)
        put(marked, place, instead(at(whole, place), MARK))
        body, more = packed(marked["body"]), marked["more"]
        if "qzx" in repr(read(integration, body, path, more=more)):
            found.append(place)
    return found


def parsed(path: Path):
    """A fixture and what the partner says besides, and how the bytes of its body are made of it."""
    body, packed = taken_apart(path)
    return {"body": body, "more": more_of(path)}, packed


def taken_apart(path: Path):
    if path.suffix == ".json":
        return json.loads(path.read_bytes()), lambda whole: json.dumps(whole).encode()
    fields = dict(parse_qsl(path.read_text(), keep_blank_values=True))
    inner = {name: json.loads(text) for name, text in fields.items() if text[:1] in ("{", "[")}
    return fields | inner, lambda whole: form(
        **whole | {name: json.dumps(whole[name]) for name in inner}
    )


def form(**fields: str) -> bytes:
    return urlencode(fields, errors="replace").encode()


def read(integration, body: bytes, path: Path, *, more):
    """What the hook tells, but for keys, which show nowhere."""
    hook = Hook(body, headers_of(integration, path), more=more)
    try:
        events = list(integration.read(hook, usual(integration)))
    except Unreadable:
        return ()
    return [(type(e), {k: v for k, v in vars(e).items() if "key" not in k}) for e in events]


def usual(integration) -> PlainLink:
    fields = integration.link_form.base_fields.items()
    return PlainLink(config={name: field.initial for name, field in fields})
