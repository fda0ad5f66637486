"""Bodies that partners never send: real ones with parts dropped, doubled, swapped or replaced by
what no documentation mentions, or with bytes turned over."""

from __future__ import annotations

import json
from collections.abc import Iterator
from copy import deepcopy
from pathlib import Path
from random import Random
from typing import Any
from urllib.parse import parse_qsl, urlencode

from hypothesis import strategies as st

from idonethis.integrations.examples import more_of
from idonethis.integrations.testing import headers_of
from idonethis.integrations.tests.every import fixtures
from idonethis.integrations.values import Hook


def nested(depth: int) -> Any:
    value: Any = "end"
    for _ in range(depth):
        value = [value]
    return value


HOSTILE = [
    None, True, False, 0, -1, 1.5, 1e308, 10**18, 10**30, -(10**15), 9999999999999, "", " ", "\n",
    "x" * 5000, "\0", "a\0b", "\ud800", "\u202e\u2066", "\ufeff", "🙂" * 500, "é" * 3000, [], {},
    [[]], [None], [0], {"a": None}, {"id": {}}, {"": ""}, nested(60), "9" * 5000, "NaN", "-0",
    "null", "2026-13-45T99:99:99Z", "0001-01-01T00:00:00Z", "9999-12-31T23:59:59-14:00",
    "2026-11-24T09:30:00+99:99", "<script>alert(1)</script>", "javascript:alert(1)",
    "//evil.example", "%s%n{0}{count}", "@" * 300, "#" * 300, "a@b" * 200, "\r\nX: y",
    "{count}{s}{count}", "' OR 1=1 --", "../../etc/passwd",
]  # fmt: skip

Place = tuple[Any, ...]


def places(value: Any, here: Place = ()) -> Iterator[Place]:
    """Every node below, by the keys that lead to it."""
    pairs = value.items() if isinstance(value, dict) else enumerate(value)
    for key, child in pairs:
        yield (*here, key)
        if isinstance(child, dict | list):
            yield from places(child, (*here, key))


def leaves(value: Any) -> list[Place]:
    """The places of all texts."""
    return [place for place in places(value) if isinstance(at(value, place), str)]


def at(value: Any, place: Place) -> Any:
    for key in place:
        value = value[key]
    return value


def put(value: Any, place: Place, new: Any) -> None:
    at(value, place[:-1])[place[-1]] = new


def spoiled_json(random: Random, whole: Any) -> Any:
    whole = deepcopy(whole)
    for _ in range(random.randint(1, 4)):
        known = list(places(whole))
        if not known:
            break
        spoil(random, whole, random.choice(known), known)
    return whole


def spoil(random: Random, whole: Any, place: Place, known: list[Place]) -> None:
    how = random.choice(("drop", "replace", "replace", "retype", "double", "swap"))
    value, holder = at(whole, place), at(whole, place[:-1])
    if how == "drop":
        del holder[place[-1]]
    elif how == "replace":
        put(whole, place, deepcopy(random.choice(HOSTILE)))
    elif how == "retype":
        kinds = (str, lambda v: [v], lambda v: {"value": v}, bool, lambda v: None)
        put(whole, place, random.choice(kinds)(value))
    elif how == "double" and isinstance(holder, list):
        holder.append(deepcopy(value))
    else:
        put(whole, place, deepcopy(at(whole, random.choice(known))))


def spoiled(random: Random, path: Path) -> bytes:
    """The body of a fixture, spoiled within its form, or byte by byte."""
    if random.randint(0, 4) == 4:
        return turned_over(random, path.read_bytes())
    if path.suffix == ".json":
        return json.dumps(spoiled_json(random, json.loads(path.read_bytes()))).encode()
    fields = dict(parse_qsl(path.read_text(), keep_blank_values=True))
    if "payload" in fields and random.choice((True, False)):
        fields["payload"] = json.dumps(spoiled_json(random, json.loads(fields["payload"])))
    else:
        fields = {str(k): str(v) for k, v in spoiled_json(random, fields).items()}
    return urlencode(fields, errors="replace").encode()


def turned_over(random: Random, body: bytes) -> bytes:
    turned = bytearray(body)
    for _ in range(random.randint(1, 8)):
        turned[random.randint(0, len(turned) - 1)] ^= random.randint(1, 255)
    cut = random.choice((len(turned), len(turned), random.randint(0, len(turned))))
    return bytes(turned[:cut])


def spoiled_hook(random: Random, integration: Any, path: Path) -> Hook:
    headers = headers_of(integration, path)
    if random.randint(0, 9) == 9:
        kinds = ("application/json", "application/x-www-form-urlencoded", "text/x", "")
        headers["content-type"] = random.choice(kinds)
    more = spoiled_json(random, more_of(path))
    return Hook(spoiled(random, path), headers, more=more)


def each_spoiled(integration: Any) -> Iterator[Hook]:
    """A hook of every fixture, so that none is left to chance; the same ones in each run."""
    for path in fixtures(integration):
        yield spoiled_hook(Random(path.name), integration, path)


@st.composite
def hooks(draw: st.DrawFn, integration: Any) -> Hook:
    """A hook of this integration that something is wrong with."""
    path, random = draw(st.sampled_from(fixtures(integration))), draw(st.randoms())
    return spoiled_hook(random, integration, path)
