"""Writes the pages below integrations/ from the registry: ``python docs/integration_pages.py``."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import django

from idonethis import env

env.set_default("DJANGO_SETTINGS_MODULE", "idonethis.settings")
django.setup()

from idonethis.integrations import registry  # noqa: E402
from idonethis.integrations.base import Integration, Posts, Reads  # noqa: E402
from idonethis.integrations.examples import Example, under  # noqa: E402
from idonethis.integrations.quality import full, marks  # noqa: E402

FOLDER = Path(__file__).with_name("integrations")
INDEX = """\
# Integrations

This page and those it leads to are written by `docs/integration_pages.py` from the registry of the
server, and a test holds them to it. The marks tell how far each can be relied on; what they are is
on its page. They are worked out from what the code declares and its fixtures say.

| Integration | Category | In | Out | Marks | What it is for |
|---|---|---|---|---|---|
"""


def pages() -> dict[str, str]:
    """All of them, by file name."""
    found = registry.every()
    index = INDEX + "".join(map(row, found))
    return {"README.md": index} | {f"{i.integration_type}.md": page(i) for i in found}


def row(integration: Integration) -> str:
    link = f"[{integration.name}]({integration.integration_type}.md)"
    into, out = ("yes" if isinstance(integration, kind) else "" for kind in (Reads, Posts))
    given = f"{full(integration)} of {len(marks(integration))}"
    cells = [link, integration.category, into, out, given, integration.tagline]
    return f"| {' | '.join(cells)} |\n"


def page(integration: Integration) -> str:
    return "\n".join([f"# {integration.name}\n\n{integration.tagline}\n", *sections(integration)])


def sections(integration: Integration) -> Iterator[str]:
    yield "## How far you can rely on it\n\n| | | |\n|---|---|---|"
    for mark in marks(integration):
        yield f"| {mark.about} | {mark.grade.value} | {mark.why} |"
    if examples := under(integration, integration.defaults):
        yield "\n## What it looks like\n\n| Kind | Entry | Who |\n|---|---|---|"
        yield from map(line, examples)
    yield f"\n## Setting it up\n\n{setup(integration)}"


def line(example: Example) -> str:
    left_out = f" *Left out by default: {example.why}*" if example.why else ""
    body = " ".join(example.body.split()).replace("|", "\\|")
    return f"| {example.kind} | {body}{left_out} | {example.who} |"


def setup(integration: Integration) -> str:
    """As its folder tells it, a level lower, and without a title of its own."""
    text = (registry.folder(integration) / "setup.md").read_text().partition("\n")[2].strip()
    return text.replace("\n## ", "\n### ") + "\n"


if __name__ == "__main__":
    FOLDER.mkdir(exist_ok=True)
    for name, text in pages().items():
        (FOLDER / name).write_text(text)
