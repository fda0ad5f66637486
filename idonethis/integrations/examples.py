"""What entries of an integration look like, before anybody connects: the fixtures of its folder,
read as real hooks are."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from idonethis.integrations import registry
from idonethis.integrations.base import Draft, Event, Ignored, Integration, Reads
from idonethis.integrations.plain_link import PlainLink
from idonethis.integrations.previewing import Preview, body_of
from idonethis.integrations.values import Hook

#: More would be a list, not an example.
MOST = 3
#: How many events the form of a new link tries.
MOST_TRIED = 12
#: Names of fixtures that make no entry begin so.
SILENT = ("ignored__", "revoked__")
CONTENT_TYPES = {".json": "application/json", ".txt": "application/x-www-form-urlencoded"}


@cache
def examples(integration: Reads) -> tuple[dict[str, Any], ...]:
    """Drafts as ``Preview`` tells them, one of each kind of event."""
    found: dict[str, dict[str, Any]] = {}
    for path in _fixtures(integration):
        link = PlainLink(config=integration.defaults)
        facts = Preview(integration, _hook(integration, path), link).facts()
        for draft in facts["drafts"][:1]:
            found.setdefault(_event(path), draft)
    return tuple(found.values())[:MOST]


@dataclass(frozen=True)
class Example:
    """An event of a fixture: what it would become at a link, or ``why`` a rule leaves it out."""

    kind: str
    body: str
    who: str
    why: str = ""


def under(integration: Integration, config: Mapping[str, Any]) -> list[Example]:
    """What rules would do to events like those of the fixtures, before anything has come in: one of
    each kind, and those that make an entry by some rules alone."""
    if not isinstance(integration, Reads):
        return []
    found: dict[str, Example] = {}
    for path in _all_fixtures(integration):
        for event in _read(integration, _hook(integration, path), config):
            if example := _example(event):
                found.setdefault(path.stem if _is_silent(path) else _event(path), example)
    return list(found.values())[:MOST_TRIED]


def told(integration: Reads) -> list[Event]:
    """What all fixtures say together, by the rules of a new link."""
    hooks = (_hook(integration, path) for path in _all_fixtures(integration))
    return [each for hook in hooks for each in _read(integration, hook, integration.defaults)]


def _read(integration: Reads, hook: Hook, config: Mapping[str, Any]) -> list[Event]:
    try:
        return list(integration.read(hook, PlainLink(config=dict(config))))
    except Exception:
        return []


def _example(event: Event) -> Example | None:
    """Nothing for events of which no rule makes an entry."""
    draft = draft_of(event)
    if draft is None:
        return None
    why = event.why if isinstance(event, Ignored) else ""
    return Example(draft.kind, body_of(draft), draft.actor.called, why)


def draft_of(event: Event) -> Draft | None:
    """The entry that it makes, or would make but for a rule."""
    draft = event.draft if isinstance(event, Ignored) else event
    return draft if isinstance(draft, Draft) else None


def _fixtures(integration: Reads) -> Iterator[Path]:
    return (path for path in _all_fixtures(integration) if not _is_silent(path))


def _all_fixtures(integration: Reads) -> list[Path]:
    found = (registry.folder(integration) / "fixtures").glob("*.*")
    return sorted(path for path in found if path.suffix in CONTENT_TYPES)


def _is_silent(path: Path) -> bool:
    return path.name.startswith(SILENT)


def _event(path: Path) -> str:
    return path.stem.removeprefix("ignored__").partition("__")[0]


def _hook(integration: Reads, path: Path) -> Hook:
    headers = {"content-type": CONTENT_TYPES[path.suffix]}
    if integration.event_header:
        headers[integration.event_header.lower()] = _event(path)
    return Hook(path.read_bytes(), headers, more=more_of(path))


def more_of(fixture: Path) -> dict[str, Any]:
    """What the partner would say besides this fixture, where it is one that must be asked."""
    told = fixture.parent / "more" / f"{fixture.stem}.json"
    said: dict[str, Any] = json.loads(told.read_bytes()) if told.exists() else {}
    return said
