"""``idonethis new-integration NAME``: a folder that passes every check but its own failing test."""

from __future__ import annotations

import re
from pathlib import Path

import click

from idonethis.integrations import registry

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
def new_integration(name: str) -> None:
    """Write the folder of a new integration NAME, ready to be filled in."""
    if not re.fullmatch(r"[a-z][a-z0-9_]{1,38}", name):
        raise click.UsageError(
            "A name is lower-case letters, digits and underscores, as in “acme”."
        )
    if name in registry.integrations() or (FOLDER / name).exists():
        raise click.ClickException(f"There is an integration {name} already. Nothing was written.")
    for path, content in files(name).items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content)
    click.echo(f"Wrote {FOLDER / name}. Its test fails until you say what should become an entry:")
    click.echo(f"  .venv/bin/pytest idonethis/partners/{name}")


def files(name: str) -> dict[Path, str]:
    """What is written where."""
    folder, title = FOLDER / name, name.replace("_", " ").title()
    words = {"name": title.replace(" ", ""), "title": title.replace(" ", "")}
    return {
        folder / "__init__.py": "from __future__ import annotations\n",
        folder / "integration.py": INTEGRATION.format(**words),
        folder / f"test_{name}.py": TEST.format(**words),
        folder / "fixtures" / "finished.json": FIXTURE,
        folder / "setup.md": SETUP.format(**words),
        folder / "icon.svg": ICON,
    }
