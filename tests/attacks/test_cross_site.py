"""What another site makes a browser do: nothing, neither by a form nor by a link."""

from __future__ import annotations

import re
from contextlib import ExitStack

import pytest
from django.db import connections
from django.test.utils import CaptureQueriesContext

from tests.attacks.asking import FORM, address, resolved
from tests.attacks.conftest import undone
from tests.attacks.routes import ROUTES, WHO
from tests.attacks.test_matrix import said

pytestmark = pytest.mark.django_db
UNSAFE = ("POST", "PUT", "PATCH", "DELETE")
#: A partner signs instead, an application shows a secret or a code, an assistant a token, and the
#: link in a mail is one.
HOOKS = {path for path in ROUTES if "/hook" in path and not path.startswith("api/")}
SIGNED = HOOKS | {"oauth/token", "oauth/revoke", "oauth/device", "mails/stop/<str:token>", "mcp"}
ELSEWHERE = ("cross-site", "same-site", "nonsense", "")
#: What a view may say before it looks at anything: that it is not asked like this, or not at all.
NOTHING_DONE = (302, 403, 404, 405)


@pytest.mark.parametrize("path", sorted(set(ROUTES) - SIGNED))
def test_without_a_token_of_our_page_nothing_is_taken(world, red, path):
    browser = world.browser("admin", enforce_csrf_checks=True)
    for method in UNSAFE:
        with world.staying_as_it_is():
            response = browser.generic(method, address(path, red), said(red), content_type=FORM)
            assert response.status_code == 403, method


@pytest.mark.parametrize("path", sorted(set(ROUTES) - SIGNED))
def test_nothing_is_taken_from_a_page_of_another_site_even_with_a_token(world, red, path):
    for site in ELSEWHERE:
        with undone():
            response = world.browser("admin").generic(
                "POST",
                address(path, red),
                said(red),
                content_type=FORM,
                headers={"Sec-Fetch-Site": site},
            )
            assert response.status_code == 403, site


@pytest.mark.parametrize("site", ["same-origin", "none"])
def test_a_page_of_ours_is_heard(world, red, site):
    with undone():
        response = world.browser("admin").post(
            f"/t/{red.team.slug}/log", {"body": "Heard"}, headers={"Sec-Fetch-Site": site}
        )
        assert response.status_code == 302
        assert red.team.entries.filter(body="Heard").exists()


def test_only_what_is_signed_needs_no_token():
    exempt = {path for path, view in resolved().items() if is_exempt(view.callback)}
    assert exempt == SIGNED


def is_exempt(view):
    return getattr(view, "csrf_exempt", False)


WRITES = re.compile(r"^\s*(INSERT|UPDATE|DELETE|REPLACE|CREATE|DROP|ALTER)\b", re.IGNORECASE)
#: Django's own record of who is here.
SESSION = re.compile(r"django_session")
#: The way back from a partner is a GET by the protocol, and its state is good once.
#: https://datatracker.ietf.org/doc/html/rfc6749#section-4.1.2
BY_PROTOCOL = {"auth/<slug:integration_type>/callback"}


@pytest.mark.parametrize("path", sorted(set(ROUTES) - BY_PROTOCOL))
def test_looking_writes_nothing(world, red, path):
    for who in WHO:
        for method in ("GET", "HEAD"):
            with undone(), ExitStack() as stack:
                watched = [
                    stack.enter_context(CaptureQueriesContext(connections[alias]))
                    for alias in connections
                ]
                browser = world.browser(who)
                browser.generic(method, address(path, red))
                browser.generic(method, address(path, red), headers={"HX-Request": "true"})
            queries = [each["sql"] for watch in watched for each in watch.captured_queries]
            written = [sql for sql in queries if WRITES.match(sql) and not SESSION.search(sql)]
            assert written == [], (who, method)
