"""Bodies that nobody should send, made from those that partners do send, and signed correctly."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from random import Random
from typing import Any, NamedTuple
from urllib.parse import urlencode

from faults.fixtures import paths
from faults.people import WORKSPACE

#: Deeper than any reader goes, longer than any number or line that means something.
DEPTH, DIGITS, LONG = 100_000, 5_000, 1_000_000
COMMITS = 10_000
WRONG = (5, "x", [], {}, True, [[]], -1.5)
#: Right to left, marks on marks, families of emoji, invisible and private characters.
STRANGE = (
    "\u202eשלום\u202c مرحبا "
    + "Z\u0351\u036b\u0343" * 50
    + "👩‍👩‍👧‍👦🏳️‍🌈\u200b\ufeff\ue000\U000e0041"
)


class Poison(NamedTuple):
    """``kind``: which integration it is sent to; ``event``: the partner's word for it."""

    kind: str
    event: str
    body: bytes


def corpus(chance: Random, *, share: float) -> list[Poison]:
    """So much of all there is, and in the end the push that takes longest."""
    made = [*_from_json("github"), *_from_json("webhook"), *_from_json("slack"), *_raw(), *_forms()]
    some = chance.sample(made, int(share * len(made)))
    return [*some, Poison("github", "push", _huge_push())]


def _from_json(kind: str) -> Iterator[Poison]:
    for path in paths(kind):
        if path.suffix != ".json" or "url_verification" in path.stem:
            continue  # a question is answered, and nothing of it is kept
        event, whole = _event(path.stem), json.loads(path.read_bytes())
        for spoil in SPOILS:
            yield Poison(kind, event, spoil(whole))


def _event(name: str) -> str:
    return name.removeprefix("ignored__").partition("__")[0]


def _nulls(whole: Any) -> bytes:
    return json.dumps(_leaves(whole, lambda _: None)).encode()


def _half_nulls(whole: Any) -> bytes:
    """Everything below the top is gone."""
    return json.dumps(dict.fromkeys(whole)).encode()


def _wrong_types(whole: Any) -> bytes:
    kinds = iter(WRONG * 1000)
    return json.dumps({name: next(kinds) for name in whole}).encode()


def _wrong_leaves(whole: Any) -> bytes:
    return json.dumps(_leaves(whole, lambda leaf: [leaf] if leaf else {"x": 1})).encode()


def _surrogates(whole: Any) -> bytes:
    return json.dumps(_strings(whole, lambda text: f"{text}\ud800")).encode()


def _nul(whole: Any) -> bytes:
    return json.dumps(_strings(whole, lambda text: f"\x00{text}\x00")).encode()


def _strange(whole: Any) -> bytes:
    return json.dumps(_strings(whole, lambda text: STRANGE + text)).encode()


def _not_numbers(whole: Any) -> bytes:
    """Python writes NaN and Infinity, which are no JSON."""
    return json.dumps(_numbers(whole, lambda _: float("nan"))).encode()


def _long_numbers(whole: Any) -> bytes:
    marked = json.dumps(_numbers(whole, lambda _: "@number@"))
    return marked.replace('"@number@"', "9" * DIGITS).encode()


def _deep(whole: Any) -> bytes:
    return json.dumps({**whole, "deep": "@deep@"}).replace('"@deep@"', _nested()).encode()


def _nested() -> str:
    return "[" * DEPTH + "]" * DEPTH


def _long(whole: Any) -> bytes:
    """One string of a megabyte, the first that there is."""
    seen: list[str] = []

    def lengthen(text: str) -> str:
        seen.append(text)
        return text * (LONG // max(1, len(text))) if len(seen) == 5 else text

    return json.dumps(_strings(whole, lengthen)).encode()


SPOILS: tuple[Callable[[Any], bytes], ...] = (
    _nulls, _half_nulls, _wrong_types, _wrong_leaves, _surrogates, _nul, _strange, _not_numbers,
    _long_numbers, _deep, _long,
)  # fmt: skip


def _leaves(value: Any, change: Callable[[Any], Any]) -> Any:
    if isinstance(value, dict):
        return {name: _leaves(inner, change) for name, inner in value.items()}
    return [_leaves(inner, change) for inner in value] if isinstance(value, list) else change(value)


def _strings(value: Any, change: Callable[[str], str]) -> Any:
    return _leaves(value, lambda leaf: change(leaf) if isinstance(leaf, str) else leaf)


def _numbers(value: Any, change: Callable[[Any], Any]) -> Any:
    return _leaves(value, lambda leaf: change(leaf) if type(leaf) in (int, float) else leaf)


def _huge_push() -> bytes:
    """GitHub stops at 2,048 commits; whoever signs may not."""
    path = next(path for path in paths("github") if path.stem == "push__three_commits")
    whole = json.loads(path.read_bytes())
    first = whole["commits"][0]
    many = [first | {"id": f"{n:040x}", "message": f"Carry {n}"} for n in range(COMMITS)]
    return json.dumps(whole | {"commits": many, "head_commit": many[-1]}).encode()


def _raw() -> Iterator[Poison]:
    plain = '{"text": "Turned", "text": ["twice"], "id": 1e999}'
    bodies = [
        b"", b"null", b"[]", b"42", b'"text"', b"{", b"\xff\xfe\x00", b"\xef\xbb\xbf{}", b"{}" * 2,
        plain.encode(), plain.encode("utf-16"), _nested().encode(), b"[" * DEPTH,
        b'{"a":' * DEPTH + b"1" + b"}" * DEPTH, b" " * LONG,
    ]  # fmt: skip
    for body in bodies:
        for kind, event in (("github", "push"), ("webhook", ""), ("slack", "json")):
            yield Poison(kind, event, body)


def _forms() -> Iterator[Poison]:
    """Slash commands of a stranger, and forms that hold something else than they say."""
    command = {"command": "/done", "team_id": WORKSPACE, "user_id": "U0STRANGER1"}
    texts = ("\x00", "\ud800", STRANGE, "x" * LONG, "\n" * 10_000, "[] " * 10_000)
    for number, text in enumerate(texts):
        fields = {**command, "text": text, "trigger_id": f"poison-{number}"}
        yield Poison("slack", "form", urlencode(fields, errors="surrogatepass").encode())
    for payload in ("", "null", "{", "[]", '{"type": "block_actions", "actions": 7}'):
        yield Poison("slack", "form", urlencode({"payload": payload}).encode())
    yield Poison("slack", "form", b"&".join(b"a=%d" % number for number in range(20_000)))
