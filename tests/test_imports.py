from __future__ import annotations

import ast
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent


def contracts(root):
    command = [str(Path(sys.executable).with_name("lint-imports")), "--no-cache"]
    env = os.environ | {"PYTHONPATH": str(root)}
    return subprocess.run(command, cwd=root, env=env, capture_output=True, text=True)


def test_imports_run_one_way():
    done = contracts(ROOT)
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize(
    ("module", "planted", "contract"),
    [
        ("../idonethis_cli/notes.py", "import idonethis.entries.text", "knows neither the server"),
        ("../idonethis_cli/storing.py", "import json", "A commit waits for nothing"),
        ("entries/text.py", "import idonethis.integrations.base", "One direction"),
        ("partners/github/pushes.py", "import idonethis.partners.slack.forms", "know each other"),
        ("partners/slack/posting.py", "import httpx", "through integrations.http alone"),
        ("integrations/base.py", "import idonethis.integrations.registry", "Inside integrations"),
        ("simulators/store.py", "import idonethis.entries.text", "know nothing of us"),
    ],
)
def test_a_planted_import_against_the_stream_is_found(tmp_path, module, planted, contract):
    for package in ("idonethis", "idonethis_cli"):
        shutil.copytree(ROOT / package, tmp_path / package)
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    with (tmp_path / "idonethis" / module).open("a") as file:
        file.write(f"\n{planted}\n")
    done = contracts(tmp_path)
    assert done.returncode != 0
    broken = [line for line in done.stdout.splitlines() if "BROKEN" in line]
    assert any(contract in line for line in broken), broken


#: What partners may not look into; their tests may, since tests start from rows.
CLOSED = ("models", "views", "ingest", "registry", "oauth")


def looking_into_rows(partners):
    for path in partners.rglob("*.py"):
        if path.name.startswith(("test_", "conftest")) or path.stem in ("testing", "pretending"):
            continue
        for node in ast.walk(ast.parse(path.read_text())):
            module = getattr(node, "module", None) or ""
            names = [module, *(f"{module}.{alias.name}" for alias in getattr(node, "names", []))]
            closed = {f"idonethis.integrations.{name}" for name in CLOSED}
            if any(
                name == each or name.startswith(f"{each}.") for name in names for each in closed
            ):
                yield f"{path.relative_to(partners)}: {module}"


def test_partners_see_no_row_of_ours_but_entry(tmp_path):
    assert list(looking_into_rows(ROOT / "idonethis" / "partners")) == []
    planted = tmp_path / "anvil" / "integration.py"
    planted.parent.mkdir()
    planted.write_text("from idonethis.integrations.models import Receipt\n")
    assert list(looking_into_rows(tmp_path)) == [
        "anvil/integration.py: idonethis.integrations.models"
    ]
