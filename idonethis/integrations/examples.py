"""What entries of an integration look like, before anybody connects: the fixtures of its folder,
read as real hooks are."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

from idonethis.integrations import registry
from idonethis.integrations.base import Receives
from idonethis.integrations.plain_link import PlainLink
from idonethis.integrations.previewing import Preview
from idonethis.integrations.values import Hook

#: More would be a list, not an example.
MOST = 3
#: Names of fixtures that make no entry begin so.
SILENT = ("ignored__", "revoked__")
CONTENT_TYPES = {".json": "application/json", ".txt": "application/x-www-form-urlencoded"}


@cache
def examples(integration: Receives) -> tuple[dict[str, Any], ...]:
    """Drafts as ``Preview`` tells them, one of each kind of event."""
    found: dict[str, dict[str, Any]] = {}
    for path in _fixtures(integration):
        facts = Preview(integration, _hook(integration, path), _link(integration)).facts()
        for draft in facts["drafts"][:1]:
            found.setdefault(_event(path), draft)
    return tuple(found.values())[:MOST]


def _fixtures(integration: Receives) -> Iterator[Path]:
    for path in sorted((registry.folder(integration) / "fixtures").glob("*.*")):
        if path.suffix in CONTENT_TYPES and not path.name.startswith(SILENT):
            yield path


def _event(path: Path) -> str:
    return path.stem.partition("__")[0]


def _hook(integration: Receives, path: Path) -> Hook:
    headers = {"content-type": CONTENT_TYPES[path.suffix]}
    if integration.event_header:
        headers[integration.event_header.lower()] = _event(path)
    return Hook(path.read_bytes(), headers)


def _link(integration: Receives) -> PlainLink:
    fields = integration.link_form.base_fields.items()
    return PlainLink(config={name: field.initial for name, field in fields})
