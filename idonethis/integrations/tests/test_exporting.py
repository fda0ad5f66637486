"""What somebody picks on the page of a link is an integration of its own, wherever it is put."""

from __future__ import annotations

import io
import sys
import tomllib
import zipfile
from importlib import import_module

import orjson
import pytest

from idonethis.entries.models import Entry
from idonethis.integrations import registry
from idonethis.integrations.kits.mapped import Mapped
from idonethis.integrations.kits.mapped.exporting import Exported, free_name
from idonethis.integrations.models import IntegrationLink, Receipt
from idonethis.integrations.testing import HookTestCase
from idonethis.integrations.values import Hook

BUILD = {
    "build": {"title": 'Nightly "build" is green', "number": 7, "by": "1815"},
    "result": "passed",
    "api_token": "not for other eyes",
}
PICKED = {
    "name": "Night mill",
    "text": "build.title",
    "status": "(result == 'passed' && 'done') || 'blocked'",
    "external_id": "build.number",
    "person": "build.by",
}
JSON = {"content-type": "application/json"}


class ExportTest(HookTestCase):
    integration_type = "webhook"
    config = PICKED

    def sent(self, content: object):
        return self.post_hook(orjson.dumps(content))

    def export(self):
        self.client.force_login(self.ada)
        return self.client.get(f"{self.link.get_absolute_url()}/export")

    def unpacked(self) -> dict[str, str]:
        answer = self.export()
        self.assertEqual(answer["Content-Type"], "application/zip")
        with zipfile.ZipFile(io.BytesIO(answer.content)) as packed:
            return {name: packed.read(name).decode() for name in packed.namelist()}

    def test_the_page_of_a_link_hands_out_a_folder(self):
        self.sent(BUILD)
        self.client.force_login(self.ada)
        page = self.client.get(self.link.get_absolute_url()).content.decode()
        self.assertIn(f'href="{self.link.get_absolute_url()}/export"', page)
        self.assertEqual(
            {name.removeprefix("idonethis-night_mill/") for name in self.unpacked()},
            {
                "pyproject.toml",
                "night_mill/__init__.py",
                "night_mill/integration.py",
                "night_mill/test_night_mill.py",
                "night_mill/fixtures/captured.json",
                "night_mill/setup.md",
                "night_mill/icon.svg",
            },
        )

    def test_what_looks_like_a_secret_is_masked(self):
        self.sent(BUILD)
        everything = "".join(self.unpacked().values())
        self.assertIn("Nightly", everything)
        self.assertNotIn("not for other eyes", everything)
        self.assertNotIn(self.link.signing_secret, everything)
        self.assertNotIn(self.link.hook_token, everything)

    def test_before_anything_becomes_an_entry_there_is_nothing_to_share(self):
        self.sent({"ping": True})
        answer = self.export()
        self.assertEqual(
            (answer.status_code, answer["Location"]), (302, self.link.get_absolute_url())
        )
        page = self.client.get(self.link.get_absolute_url()).content.decode()
        self.assertIn("Nothing was exported.", page)

    def test_the_latest_of_which_an_entry_comes_is_the_fixture(self):
        for content in (BUILD, {**BUILD, "result": "failed"}, {"ping": True}):
            self.sent(content)
        found = self.unpacked()["idonethis-night_mill/night_mill/fixtures/captured.json"]
        self.assertEqual(orjson.loads(found)["result"], "failed")

    def test_what_is_suggested_to_somebody_else_is_in_no_folder(self):
        self.link.config = PICKED | {"how": "suggest"}
        self.link.save()
        self.sent({**BUILD, "build": {**BUILD["build"], "by": "1906"}})
        self.assertRedirects(self.export(), self.link.get_absolute_url())

    def test_who_does_not_manage_the_link_gets_nothing(self):
        self.sent(BUILD)
        for user, status in ((self.grace, 403), (self.mallory, 404)):
            self.client.force_login(user)
            answer = self.client.get(f"{self.link.get_absolute_url()}/export")
            self.assertEqual(answer.status_code, status)

    def test_an_integration_that_is_a_folder_already_is_not_exported(self):
        self.link = IntegrationLink.objects.create(
            integration_type="github", team=self.team, user=self.ada
        )
        self.assertRedirects(self.export(), self.link.get_absolute_url())


class OutOfTreeTest(HookTestCase):
    """As pip would install it: the package under its name there, named by its entry point."""

    integration_type = "night_mill"

    @pytest.fixture(autouse=True)
    def installed(self, tmp_path, monkeypatch):
        made = Exported.of(
            registry.integrations()["webhook"], PICKED, Hook(orjson.dumps(BUILD), JSON)
        )
        with zipfile.ZipFile(io.BytesIO(made.package)) as packed:
            packed.extractall(tmp_path)
        root = tmp_path / "idonethis-night_mill"
        said = tomllib.loads((root / "pyproject.toml").read_text())
        [(name, module)] = said["project"]["entry-points"][registry.PARTNERS].items()
        sources = said["tool"]["hatch"]["build"]["targets"]["wheel"]["sources"]
        (root / name).rename(root / sources[name])
        monkeypatch.syspath_prepend(str(root))
        found = import_module(module).integration
        found.integration_type = name
        known = {name: found, **registry.integrations()}
        monkeypatch.setattr(registry, "integrations", lambda: known)
        yield
        for each in (module, module.partition(".")[0]):
            sys.modules.pop(each, None)

    def test_it_logs_what_was_picked_and_looks_the_same_on_its_page(self):
        self.post_hook(orjson.dumps({**BUILD, "result": "failed"}))
        entry = Entry.objects.get()
        self.assertEqual((entry.body, entry.kind), ('Nightly "build" is green', "blocked"))
        self.assertEqual(Receipt.objects.get().integration_type, "night_mill")
        self.client.force_login(self.ada)
        page = self.client.get(self.link.get_absolute_url()).content.decode()
        self.assertIn("Which fields make the entry", page)
        self.assertIn('value="build.title"', page)


def exported(name: str, body: object = None, **fields: str) -> Exported:
    hook = Hook(orjson.dumps(body or {"text": "Oiled"}), JSON)
    return Exported.of(registry.integrations()["webhook"], {"name": name, **fields}, hook)


HOSTILE = [
    '"""\nimport os\n"""',
    "\\",
    "{title}",
    "a'b\"c",
    "../../etc",
    "None",
    "3d",
    "日本",
    "",
    "x" * 60,
]


@pytest.mark.parametrize("name", HOSTILE)
def test_whatever_a_link_is_called_its_code_does_what_it_should(name):
    made = exported(name, text="\"\\{x}\n\" || '''\"\"\"''' || text")
    written = made.files["integration.py"]
    space: dict[str, object] = {}
    exec(compile(written, "integration.py", "exec"), space)
    found = space["integration"]
    assert isinstance(found, Mapped)
    assert found.fields["text"] == "\"\\{x}\n\" || '''\"\"\"''' || text"
    assert set(space) - {"__builtins__", "__doc__", "annotations"} == {
        "Mapped", "integration", type(found).__name__,
    }  # fmt: skip
    assert made.name.isidentifier() and "/" not in made.name
    for path in made.files:
        assert ".." not in path


def test_a_folder_takes_no_name_that_is_taken():
    assert free_name("GitHub") == "github_hook"


def test_without_an_id_the_same_body_is_the_same_whatever_its_delivery_is_called():
    assert 'delivery_header = ""' in exported("Mill").files["integration.py"]
    named = exported("Mill", {"text": "Oiled", "id": 7})
    assert "delivery_header" not in named.files["integration.py"]
