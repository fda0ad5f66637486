"""Over bodies that others have published and that are no part of this project: what GitHub gives as
examples of its webhooks, and a folder of recorded ones. Skipped where they are missing."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import orjson
import pytest

from idonethis.integrations import testing_bodies
from idonethis.integrations.base import Draft, Ignored, Retitle
from idonethis.integrations.plain_link import PlainLink
from idonethis.integrations.values import Hook
from idonethis.partners.github.forms import ASKS
from idonethis.partners.github.integration import integration

ROOT = Path(__file__).parents[3]
PUBLISHED = ROOT / "var/octokit/api.github.com/index.json"
PRIVATE = ("title", "count", "full")

pytestmark = pytest.mark.shared


def published() -> Iterator[tuple[str, Any]]:
    listed = json.loads(PUBLISHED.read_bytes()) if PUBLISHED.exists() else []
    for event in listed:
        yield from ((event["name"], example) for example in event["examples"])


def recorded() -> Iterator[tuple[str, Any]]:
    for path in testing_bodies.bodies("by-service/github/*.json"):
        yield path.stem.partition("__")[0], json.loads(path.read_bytes())


def bodies() -> list[tuple[str, Any]]:
    found = [*published(), *recorded()]
    if not found:
        pytest.skip("No bodies of others lie here.")
    return found


def read(name: str, body: Any, **config: Any) -> list[Any]:
    hook = Hook(orjson.dumps(body), {"x-github-event": name})
    assert integration.event(hook).startswith(name)
    return list(integration.read(hook, PlainLink(config=config)))


def test_every_body_is_read_and_ends_in_an_entry_or_in_a_sentence():
    for name, body in bodies():
        for private in PRIVATE:
            for event in read(name, body, private=private, bots=True):
                said = event.why if isinstance(event, Ignored) else getattr(event, "body", "-")
                assert said, name
                assert "None" not in said, (name, said)


def test_every_entry_has_its_time_its_person_and_its_address():
    events = [event for name, body in published() for event in read(name, body, private="full")]
    drafts = [event for event in events if isinstance(event, Draft)]
    if not events:
        pytest.skip("GitHub's own examples do not lie here.")
    assert drafts
    for draft in drafts:
        assert draft.actor.uid
        assert draft.occurred_at
        assert draft.url.startswith("https://")


def test_of_what_is_private_no_name_shows_where_only_the_number_may():
    for name, body in bodies():
        if name in ASKS.topics and "repository" in body:
            body["repository"]["private"] = True
            for event in read(name, body, private="count", bots=True):
                if isinstance(event, Draft | Retitle):
                    assert body["repository"]["full_name"] not in repr(event)


@pytest.mark.parametrize("damage", [None, [], 0, "\x00", {"id": []}])
def test_whatever_part_is_not_what_it_should_be_nothing_breaks(damage):
    for name, body in bodies():
        if name in ASKS.topics:
            for part in parts_of(body):
                read(name, damaged(body, part, damage), bots=True)


def parts_of(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """The way to everything that a reader might look at: three levels deep."""
    if path:
        yield path
    if isinstance(value, dict) and len(path) < 3:
        for name, inner in value.items():
            yield from parts_of(inner, (*path, name))
    if isinstance(value, list) and value:
        yield from parts_of(value[0], (*path, 0))


def damaged(value: Any, path: tuple[Any, ...], damage: Any) -> Any:
    if not path:
        return damage
    copy = value.copy()
    copy[path[0]] = damaged(value[path[0]], path[1:], damage)
    return copy
