"""Whatever somebody writes into an address or a form is an answer, and never a failure of ours."""

from __future__ import annotations

import re
from functools import cache, partial
from inspect import getsource, unwrap
from pathlib import Path
from urllib.parse import quote

import pytest

import idonethis
from tests.attacks.asking import FORM, PART, address, filled, resolved
from tests.attacks.conftest import undone
from tests.attacks.effort import some
from tests.attacks.routes import ROUTES

pytestmark = pytest.mark.django_db
#: As they stand in an address.
NASTY = [
    "", "%00", "%ff%fe", "%ed%a0%80", "-1", "9" * 30, "9" * 5000, "%C2%B2", "%D9%A1", "2026-02-30",
    "9999-12-31_1", "2026-01-01_" + "9" * 40, "[]", "%E2%80%AE%0d%0aX:%20y", "a" * 4000,
]  # fmt: skip
READ = re.compile(r"""(?:GET|POST|asked|data|query)(?:\.get|\.getlist|\.pop)?[\[(]["'](\w+)["']""")

#: What people bring back from a partner; each protocol reads its own.
BROUGHT = {"code", "iss", "error", "error_description", "oauth_token", "oauth_verifier"}


@cache
def names():
    """What the code reads by name from an address or a form."""
    package = Path(idonethis.__file__).parent
    sources = [p for p in package.rglob("*.py") if "tests" not in p.parts and "views" in str(p)]
    found = {name for path in sources for name in READ.findall(path.read_text())}
    return sorted(found | {"person", "kind", "source", "tag", "before", "next"} | BROUGHT)


def test_the_parameters_of_the_code_are_found():
    assert {"after", "team", "account", "field", "state", "code", "q", "by"} <= set(names())


def source_of(view) -> str:
    plain = unwrap(view)
    return getsource(plain.func if isinstance(plain, partial) else plain)


#: Pages that answer with a piece of themselves.
LIVE = {path for path, found in resolved().items() if "htmx" in source_of(found.callback)}


@pytest.mark.parametrize(
    "place, path", enumerate(path for path, route in ROUTES.items() if "GET" in route.answers)
)
def test_no_parameter_is_a_failure(world, red, place, path):
    url = address(path, red)
    for nasty in some(NASTY, place):
        query = "&".join(f"{name}={nasty}" for name in names())
        with undone():
            browser = world.browser("admin")
            for headers in ({}, {"HX-Request": "true"}) if path in LIVE else ({},):
                response = browser.get(f"{url}?{query}", headers=headers)
                assert response.status_code < 500, nasty[:60]


@pytest.mark.parametrize("path", [path for path in ROUTES if PART.search(path)])
def test_no_part_of_an_address_is_a_failure(world, red, path):
    count = len(PART.findall(path))
    for nasty in ("%00", "%ff", "9" * 30, "-1", "a" * 3000, "%C2%B2", "..%2f.."):
        for method in ("GET", "POST"):
            with undone():
                url = filled(path, *[nasty] * count)
                response = world.browser("admin").generic(method, url, content_type=FORM)
            assert response.status_code < 500, (method, url)


FIELDS = ("name", "body", "kind", "occurred_on", "typed", "role", "user", "email", "password")
POSTED = [path for path, route in ROUTES.items() if "POST" in route.answers]


@pytest.mark.parametrize("place, path", enumerate(POSTED))
def test_no_form_is_a_failure(world, red, place, path):
    fields = sorted({*names(), *FIELDS})
    for nasty in some((*NASTY[:8], "9" * 30, quote("🙂" * 2000), "a" * 50_000), place):
        body = "&".join(f"{name}={nasty}" for name in fields)
        with undone():
            response = world.browser("admin").generic(
                "POST", address(path, red), body, content_type=FORM
            )
        assert response.status_code < 500, nasty[:60]


HOOK = "integrations/<slug:integration_type>/hook/<str:token>"
TYPES = [
    "",
    "text/plain",
    "application/json",
    "multipart/form-data",
    "multipart/form-data; boundary=",
    "multipart/form-data; boundary=x",
    "application/x-www-form-urlencoded; charset=utf-7",
    "application/x-www-form-urlencoded; charset=nonsense",
]


@pytest.mark.parametrize("content_type", TYPES)
def test_no_kind_of_body_is_a_failure(world, red, content_type):
    for path in ("accounts/login/", "t/<slug:slug>/log", HOOK):
        for body in (b"", b"\xff\xfe\x00", b"--x\r\nContent-Disposition: form-data; name=\r\n\r\n"):
            with undone():
                url = address(path, red)
                response = world.browser("admin").generic(
                    "POST", url, body, content_type=content_type
                )
            assert response.status_code < 500, (path, body)
