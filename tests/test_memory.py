"""What a server does not load, nor keep, before somebody asks for it. Each is asked of a process of
its own, since this one has loaded everything."""

from __future__ import annotations

import subprocess
import sys
from ctypes import CDLL

import pytest

from tests.installed import empty, install
from tests.site import Site

pytestmark = pytest.mark.slow
#: What takes much memory and is asked for by few: PostgreSQL on a server that has SQLite, calls of
#: programs, assistants, and pretend partners.
HEAVY = {"psycopg", "ninja", "pydantic", "mcp", "starlette", "idonethis.simulators"}
ALL_OF_A_SERVER = """
import sys, django
django.setup()
from django.test import Client
from django.urls import reverse
import idonethis.commands.up
from idonethis import whole
from idonethis.integrations import registry
whole.whole(), registry.every()
def get(path):
    return Client().get(path, headers={"Host": "127.0.0.1"}).status_code
"""
TELL = "print(*sys.modules)\n"


@pytest.fixture
def run(tmp_path):
    site = install(Site(tmp_path / "data"), like=empty())

    def run(code):
        """The words that it printed."""
        env = site.env | {"DJANGO_SETTINGS_MODULE": "idonethis.settings"}
        command = [sys.executable, "-X", "faulthandler", "-c", code]
        done = subprocess.run(command, env=env, capture_output=True, text=True, timeout=40)
        assert done.returncode == 0, done.stderr
        return done.stdout.split()

    return run


def test_nothing_is_loaded_that_few_ask_for(run):
    pages = "print(get('/'), get('/mcp'), reverse('mcp'))\n"
    said = run(ALL_OF_A_SERVER + pages + TELL)
    assert said[:3] == ["302", "405", "/mcp"]
    assert HEAVY & set(said) == set()


def test_whoever_asks_the_api_first_is_answered_and_may_name_its_calls(run):
    calls = "print(get('/api/v2/noop'), get('/api/v2/teams'), reverse('api:openapi-json'))\n"
    said = run(ALL_OF_A_SERVER + calls + TELL)
    assert said[:3] == ["401", "401", "/api/v2/openapi.json"]
    assert {"ninja", "pydantic"} <= set(said)


def test_its_calls_are_loaded_before_the_address_is_looked_up(run):
    """Where Django does that, hooks are taken, too."""
    ready = """
from django.test import RequestFactory
from idonethis.api.middleware import Ready
Ready(lambda request: print(request.path, "ninja" in sys.modules))(RequestFactory().get("/t/some"))
Ready(lambda request: print(request.path, "ninja" in sys.modules))(RequestFactory().get("/api/v2/"))
"""
    assert run(ALL_OF_A_SERVER + ready) == ["/t/some", "False", "/api/v2/", "True"]


def test_the_checks_of_a_start_look_at_the_api_too(run):
    checks = "from django.core.management import call_command as call; call('check')\n"
    assert "ninja" in run(ALL_OF_A_SERVER + checks + TELL)


#: glibc tells of its heaps: https://man7.org/linux/man-pages/man3/malloc_info.3.html
HEAPS = """
import ctypes, threading
libc = ctypes.CDLL(None)
def count(path):
    libc.fopen.restype = libc.fclose.restype = ctypes.c_void_p
    file = ctypes.c_void_p(libc.fopen(path.encode(), b"w"))
    libc.malloc_info(0, file), libc.fclose(file)
    print(open(path).read().count("<heap nr="))
def keep():
    kept = [bytearray(2000) for _ in range(100)]
    all_have_some.wait()
threads = [threading.Thread(target=keep) for _ in range(8)]
all_have_some = threading.Barrier(9)
for thread in threads:
    thread.start()
all_have_some.wait()
"""


PREPARED = """
import django
django.setup()
from idonethis.commands.preparing import prepare
prepare()
"""


@pytest.mark.skipif(not hasattr(CDLL(None), "malloc_info"), reason="another library of C")
@pytest.mark.parametrize(("begun", "heaps"), [(PREPARED, "1"), ("", "9")])
def test_threads_of_a_server_share_one_heap(run, tmp_path, begun, heaps):
    """Without it, there is one for each of eight, and that of the first."""
    assert run(begun + HEAPS + f"count({str(tmp_path / 'told')!r})") == [heaps]
