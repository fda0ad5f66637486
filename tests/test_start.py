"""What a start loads: of all the integrations, those that are needed. Each is asked of a process of
its own, which tells at its end what it has loaded."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from urllib.parse import urlsplit

import httpx
import pytest

from idonethis.integrations import registry
from tests.installed import engines, install
from tests.site import Site

SETUP = "import django; django.setup()\n"
COMMAND = "from idonethis.cli import main; main()\n"
#: Packages of partners that have run, whether they lie here or elsewhere.
TOLD = """
import atexit, sys
def tell():
    loaded = [name for name in sys.modules if name.endswith(".integration")]
    print("Loaded:", *sorted(loaded), file=sys.stderr)
atexit.register(tell)
"""
ANVIL = """
from idonethis.integrations.base import Integration

class Anvil(Integration):
    name = "Anvil"

integration = Anvil()
"""
#: Runs only where the port is open already, and waits until the test lets it go on.
SLOW = """
import os, time
from pathlib import Path
from urllib.request import urlopen

assert urlopen(os.environ["ANSWERS"]).status == 200
Path(os.environ["HERE"], "loading").touch()
while not Path(os.environ["HERE"], "go on").exists():
    time.sleep(0.02)
"""


@pytest.fixture
def site(tmp_path):
    return install(Site(tmp_path / "data"), like=engines())


@pytest.fixture
def run(site):
    def run(code, *words, status=0):
        """Returns what was printed, and the integrations that were loaded."""
        own = {"DJANGO_SETTINGS_MODULE": "idonethis.settings"}
        command = [sys.executable, "-c", TOLD + code, *words]
        done = subprocess.run(command, env=site.env | own, capture_output=True, text=True)
        assert done.returncode == status, done.stderr
        said, _, loaded = done.stderr.rpartition("Loaded:")
        return done.stdout + said, loaded.split()

    return run


@pytest.fixture
def plant(site, tmp_path):
    """An integration that comes with a package of its own."""

    def plant(name, code):
        folder, said = tmp_path / f"idonethis_{name}", tmp_path / f"idonethis_{name}-1.dist-info"
        for each in (folder, said):
            each.mkdir()
        (folder / "__init__.py").touch()
        (folder / "integration.py").write_text(code)
        (said / "METADATA").write_text(f"Metadata-Version: 2.1\nName: idonethis_{name}\nVersion: 1")
        points = f"[{registry.PARTNERS}]\n{name} = idonethis_{name}.integration\n"
        (said / "entry_points.txt").write_text(points)
        before = site.env.get("PYTHONPATH", "")
        site.env["PYTHONPATH"] = os.pathsep.join(filter(None, (str(tmp_path), before)))

    return plant


@pytest.mark.slow
@pytest.mark.parametrize(
    "words", ["--help", "up --help", "receipts", "entries engines", "link list"]
)
def test_a_command_that_has_to_do_with_no_partner_loads_none(run, words):
    assert run(COMMAND, *words.split())[1] == []


@pytest.mark.slow
def test_a_server_is_made_without_any(run):
    code = "from idonethis import server, whole\nserver.Server(whole.whole(), '127.0.0.1', 0)\n"
    assert run(SETUP + code)[1] == []


@pytest.mark.slow
def test_what_has_to_do_with_one_loads_that_one(run, tmp_path):
    body = tmp_path / "body.json"
    body.write_text('{"text": "Oiled the mill"}')
    said, loaded = run(COMMAND, "preview", "webhook", str(body))
    assert json.loads(said)["drafts"][0]["body"] == "Oiled the mill"
    assert loaded == ["idonethis.partners.webhook.integration"]


ONE = """
from idonethis.integrations import registry
assert {"anvil", "github"} <= set(registry.types()) and "github" in registry.integrations()
assert registry.get("nobody") is None and "nobody" not in registry.integrations()
print(registry.name_of("anvil"), registry.get("anvil").integration_type)
"""


@pytest.mark.slow
def test_one_that_comes_with_a_package_is_there_and_loaded_alone(run, plant):
    plant("anvil", ANVIL)
    assert run(SETUP + ONE) == ("Anvil anvil\n", ["idonethis_anvil.integration"])


CHECK = "from django.core.management import call_command as call; " + SETUP + "call('check')\n"
BROKEN = ["1 / 0", "{}['nothing']", "import nothing_of_the_kind", "nothing = 1", "class"]


@pytest.mark.slow
@pytest.mark.parametrize("code", BROKEN)
def test_a_broken_one_is_named_by_the_check(run, plant, code):
    plant("anvil", code)
    said, _ = run(CHECK, status=1)
    assert "The integration “anvil” cannot be loaded" in said
    assert "integrations.E001" in said


@pytest.mark.slow
def test_a_broken_one_ends_the_start_with_a_sentence_and_keeps_nobody_from_the_log(site, plant):
    plant("anvil", "1 / 0")
    said = site.run("up", "--port", str(site.port), status=1)
    (line,) = [line for line in said.splitlines() if "anvil" in line]
    assert line.startswith("The integration “anvil” cannot be loaded. Mend it, or take it away: ")
    assert "ZeroDivisionError" in line and "integration.py, line 1)" in line
    assert site.entries("engines") == []


@pytest.mark.slow
def test_hooks_are_taken_while_the_others_are_still_being_loaded(site, plant, tmp_path):
    plant("anvil", SLOW + ANVIL)
    site.env |= {"ANSWERS": f"{site.url}/healthz", "HERE": str(tmp_path)}
    link = site.told("link", "add", "webhook", "--team", "engines", "--user", "ada@example.org")
    site.start()
    try:
        wait_for(lambda: (tmp_path / "loading").exists())
        assert post(site, link) == 200
        assert [each["state"] for each in site.told("receipts")] == ["due"]
        (tmp_path / "go on").touch()
        assert [each["outcome"] for each in site.settle()] == ["created"]
    finally:
        (tmp_path / "go on").touch()
        assert site.stop() == 0


def post(site, link):
    url = site.url + urlsplit(link["hook_url"]).path
    shown = {"X-Webhook-Token": link["secret"]}
    return httpx.post(url, json={"text": "Oiled the mill"}, headers=shown).status_code


def wait_for(happened, seconds=60):
    until = time.monotonic() + seconds
    while not happened():
        assert time.monotonic() < until
        time.sleep(0.02)


TOGETHER = """
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from idonethis.integrations import registry

together = Barrier(8)
def ask(_):
    together.wait()
    return tuple(map(id, registry.integrations().values()))

with ThreadPoolExecutor(8) as threads:
    found = set(threads.map(ask, range(8)))
print(len(found), "anvil" in registry.types())
"""


@pytest.mark.slow
def test_threads_that_ask_at_once_get_the_same(run, plant):
    plant("anvil", "import time; time.sleep(0.3)\n" + ANVIL)
    assert run(SETUP + TOGETHER)[0] == "1 True\n"
