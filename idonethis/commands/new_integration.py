"""``idonethis new-integration NAME``: a folder that passes every check but its own failing test;
with a captured body, one that says already what that becomes."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import click

from idonethis.integrations import registry
from idonethis.integrations.base import Hook
from idonethis.integrations.kits.mapped import Mapped
from idonethis.integrations.kits.mapped.exporting import JSON, Exported
from idonethis.integrations.kits.mapped.likely import likely

FOLDER = Path(__file__).resolve().parent.parent / "partners"

INTEGRATION = '''"""{title}: say here in one line what comes in or goes out."""

from __future__ import annotations

from collections.abc import Iterator

from idonethis.integrations.base import Actor, Draft, Event, Hmac, Hook, Link, Receives


class {name}(Receives):
    name = "{title}"
    category = "Other"
    tagline = "What is finished in {title} becomes a done."
    # Link the page of {title}'s documentation that describes how it signs.
    signature = Hmac("X-{title}-Signature", prefix="sha256=")

    def summary(self, link: Link) -> str:
        return "What is finished becomes a done."

    def hook(self, hook: Hook, link: Link) -> Iterator[Event]:
        said = hook.json
        if not isinstance(said, dict) or said.get("event") != "finished":
            return
        yield Draft(
            body=str(said.get("title") or "Something without a title"),
            key=f"finished:{{said.get('id')}}",
            url=str(said.get("url") or ""),
            actor=Actor(uid=str(said.get("user_id") or "")),
        )


integration = {name}()
'''

TEST = """from __future__ import annotations

from idonethis.integrations.testing import HookTestCase


class {name}Test(HookTestCase):
    def test_it_becomes_an_entry(self):
        # Put a real body of {title} into fixtures/, and say here what it should become.
        self.check_hook("finished", "the sentence that a person wants to read")
"""

FIXTURE = """{
 "event": "finished",
 "id": 42,
 "title": "Fix the roof",
 "url": "https://example.org/42",
 "user_id": 1815
}
"""

SETUP = """# Setting {title} up

1. Open the webhook settings of {title}.
2. Paste the hook address of the link, and its secret.
3. Choose the events that should become entries.
"""

ICON = """<svg viewBox="0 0 24 24" xmlns="http://www.w3.org/2000/svg" fill="none" \
stroke="currentColor" stroke-width="2" aria-hidden="true"><rect x="4" y="4" width="16" \
height="16" rx="3"/><path d="m8 12 3 3 5-6"/></svg>
"""


@click.command("new-integration")
@click.argument("name")
@click.argument(
    "body", required=False, type=click.Path(path_type=Path, exists=True, dir_okay=False)
)
@click.option("--text", default="", help="Where in BODY its text stands, such as “issue.title”.")
def new_integration(name: str, body: Path | None, text: str) -> None:
    """Write the folder of a new integration NAME, ready to be filled in.

    With BODY, a file of what was captured from its partner (JSON), it knows already where
    everything stands."""
    if not re.fullmatch(r"[a-z][a-z0-9_]{1,38}", name):
        raise click.UsageError(
            "A name is lower-case letters, digits and underscores, as in “acme”."
        )
    if name in registry.integrations() or (FOLDER / name).exists():
        raise click.ClickException(f"There is an integration {name} already. Nothing was written.")
    captured = _captured(name, body, text) if body else None
    for path, content in (captured.files if captured else files(name)).items():
        (FOLDER / name / path).parent.mkdir(parents=True, exist_ok=True)
        (FOLDER / name / path).write_text(content)
    click.echo(_told(name, captured))


def _captured(name: str, body: Path, text: str) -> Exported:
    """Raises ClickException where nothing would come of it."""
    said = _json(body)
    fields = likely(said, text=text)
    config = {"name": name.replace("_", " ").title(), **fields}
    found = Exported.of(Mapped(), config, Hook(json.dumps(said).encode(), JSON))
    if not (fields and found.drafts):
        raise click.ClickException(
            f"Nothing in {body.name} looks like the text of an entry. Say where it stands, as in "
            "“--text issue.title”. Nothing was written."
        )
    return found


def _json(body: Path) -> Any:
    try:
        return json.loads(body.read_bytes())
    except (ValueError, RecursionError) as problem:
        raise click.ClickException(
            f"{body.name} is not JSON ({problem}). Nothing was written."
        ) from problem


def _told(name: str, captured: Exported | None) -> str:
    test = f"  .venv/bin/pytest idonethis/partners/{name}"
    if captured is None:
        wrote = f"Wrote {FOLDER / name}. Its test fails until you say what should become an entry:"
        return f"{wrote}\n{test}"
    became = "".join(f"\n  {draft.kind}: {draft.body}" for draft in captured.drafts)
    found = "".join(f"\n  {field}: {path}" for field, path in captured.fields.items())
    return (
        f"Wrote {FOLDER / name}. The body becomes:{became}\nEach field was found here; mend it "
        f"in integration.py, and say there how the partner signs:{found}\nThen:\n{test}\n"
        "Look through the fixture before you share it: names of people are not masked."
    )


def files(name: str) -> dict[str, str]:
    """What is written, by its path in the folder."""
    title = name.replace("_", " ").title().replace(" ", "")
    words = {"name": title, "title": title}
    return {
        "__init__.py": "from __future__ import annotations\n",
        "integration.py": INTEGRATION.format(**words),
        f"test_{name}.py": TEST.format(**words),
        "fixtures/finished.json": FIXTURE,
        "setup.md": SETUP.format(**words),
        "icon.svg": ICON,
    }
