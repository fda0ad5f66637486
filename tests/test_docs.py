"""The documentation is held to what the code says."""

from __future__ import annotations

import re
import runpy
from pathlib import Path
from unittest import mock

import pytest

from idonethis.integrations import registry
from idonethis.integrations.testing import HookTestCase

ROOT = Path(__file__).resolve().parent.parent
EXAMPLE = ROOT / "docs" / "examples" / "anvil"
SETTING = re.compile(r'env\.(?:text|boolean|integer|words|kept_secret|address)\(\s*"([A-Z_]+)"')
#: Made once and kept in the data folder; nobody sets them.
KEPT = {"DEMO_PASSWORD"}


def settings_read():
    found = set()
    for path in (ROOT / "idonethis").rglob("*.py"):
        if "test" in path.name:
            continue
        found |= set(SETTING.findall(path.read_text()))
    return found - KEPT


def test_every_setting_is_in_the_guide_and_in_the_example_file():
    guide = (ROOT / "docs" / "self-hosting.md").read_text()
    example = (ROOT / ".env.example").read_text()
    assert len(settings_read()) > 10
    assert {name for name in settings_read() if f"`{name}`" not in guide} == set()
    assert {name for name in settings_read() if f"#{name}=" not in example} == set()


def test_the_pages_of_integrations_say_what_the_registry_says():
    written = runpy.run_path(str(ROOT / "docs" / "integration_pages.py"))
    found = {path.name: path.read_text() for path in (ROOT / "docs" / "integrations").glob("*")}
    assert found == written["pages"]()


def test_the_page_of_states_and_answers_says_what_the_code_says():
    written = runpy.run_path(str(ROOT / "docs" / "states_and_answers.py"))
    assert (ROOT / "docs" / "states-and-answers.md").read_text() == written["page"]()


def test_the_page_of_reasons_is_that_of_the_code():
    written = runpy.run_path(str(ROOT / "bin" / "reasons"))["page"]()
    assert (ROOT / "docs" / "reasons.md").read_text() == written, "Run bin/reasons."


@pytest.mark.parametrize("name", ["integration.py", "test_anvil.py", "fixtures/finished.json"])
def test_the_page_for_authors_shows_the_example_as_it_is(name):
    page = (ROOT / "docs" / "writing-an-integration.md").read_text()
    assert (EXAMPLE / name).read_text().strip() in page


class TheExampleTest(HookTestCase):
    integration_type = "anvil"

    def setUp(self):
        namespace = {}
        exec(compile((EXAMPLE / "integration.py").read_text(), "integration.py", "exec"), namespace)
        anvil = namespace["integration"]
        anvil.integration_type = "anvil"
        known = {"anvil": anvil, **registry.integrations()}
        self.enterContext(mock.patch.object(registry, "integrations", lambda: known))
        super().setUp()
        self.folder = EXAMPLE

    def test_the_example_does_what_the_page_says(self):
        self.check_hook("finished", "Casting wheel 7 finished")
