"""Every answer carries what keeps a browser from doing harm with it: pages, errors, files, answers
to partners, redirects, and what never becomes a request."""

from __future__ import annotations

import asyncio

import pytest
from asgiref.sync import async_to_sync
from django.conf import settings
from django.core.signals import request_finished, request_started
from django.db import close_old_connections

from idonethis import rim
from idonethis.asgi import application
from idonethis.integrations import registry
from idonethis.integrations.base import Receives
from idonethis.integrations.ingest.writer import GroupCommit
from tests.attacks.asking import FORM, address
from tests.attacks.conftest import undone
from tests.attacks.routes import ROUTES

pytestmark = pytest.mark.django_db
EVERYWHERE = {
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
}
#: Directives that hold on every answer, and what each must not let in.
NEVER = ("'unsafe-inline'", "'unsafe-eval'", "'unsafe-hashes'", "*", "http:", "https:", "blob:")
LOGIN = "/accounts/login/"
#: Without a token a body is not even read.
TOKEN = "csrf=" + "a" * 32
TELLING = ("server", "x-powered-by", "via")


@pytest.fixture
def ask(world, settings):
    """Through the whole ASGI application, without a socket. As for Django's own test client, the
    end of a request is no reason to end what the tests have begun in the database."""
    settings.WHITENOISE_USE_FINDERS = True
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield through(world)
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


def through(world):
    writer = GroupCommit()
    app = async_to_sync(application(writer))

    def asking(method, path, *, who="anonymous", body=b"", **headers):
        cookie = f"{settings.SESSION_COOKIE_NAME}={world.sessions.get(who, '')}"
        raw, _, query = path.partition("?")
        length = str(len(body))
        sent = {"host": "testserver", "cookie": cookie, "content-length": length}
        sent |= {"content-type": FORM, **headers}
        scope = {
            "type": "http",
            "method": method,
            "path": raw,
            "query_string": query.encode(),
            "headers": [(name.encode(), value.encode()) for name, value in sent.items()],
        }
        return run(app, scope, body)

    return asking


def run(app, scope, body):
    said, bodies = [], [body]

    async def receive():
        if not bodies:
            await asyncio.Event().wait()
        return {"type": "http.request", "body": bodies.pop(), "more_body": False}

    async def send(message):
        said.append(message)

    with undone():
        app(scope, receive, send)
    return said[0]["status"], said[0]["headers"]


def holds(answer):
    status, pairs = answer
    headers = {name.decode().lower(): value.decode() for name, value in pairs}
    for name, value in EVERYWHERE.items():
        assert headers.get(name) == value, (status, name)
    assert not set(TELLING) & set(headers)
    assert "camera=()" in headers["permissions-policy"]
    policy_holds(headers["content-security-policy"])
    return headers


def policy_holds(policy):
    directives = dict(part.strip().partition(" ")[::2] for part in policy.split(";"))
    assert directives["default-src"] == "'none'"
    assert directives["frame-ancestors"] == "'none'"
    assert directives["base-uri"] == "'none'"
    assert "form-action" in directives
    for name, sources in directives.items():
        assert not set(sources.split()) & set(NEVER), (name, sources)


@pytest.mark.parametrize("path", ROUTES)
def test_every_route_answers_with_all_of_them(ask, red, path):
    for who in ("anonymous", "admin", "other", "operator"):
        for method in ("GET", "HEAD", "POST", "DELETE"):
            headers = holds(ask(method, address(path, red), who=who))
            assert "no-store" in headers["cache-control"], (method, who)


@pytest.mark.parametrize(
    ("method", "path", "headers", "body", "status"),
    [
        ("GET", "/nowhere", {}, b"", 404),
        ("GET", "/join/\0", {}, b"", 404),
        ("GET", "/e/\ufffd", {}, b"", 404),
        ("GET", "/me?tag=%00", {}, b"", 400),
        ("GET", "/", {"host": "mallory.example.net"}, b"", 400),
        ("OPTIONS", "/accounts/login/", {}, b"", 200),
        ("POST", LOGIN, {}, b"x=1", 403),
        ("POST", LOGIN, {"sec-fetch-site": "cross-site"}, b"", 403),
        ("POST", LOGIN, {"cookie": TOKEN}, b"x=" + b"1" * 3_000_000, 413),
        ("POST", LOGIN, {"cookie": TOKEN}, b"&".join([b"a=1"] * 2000), 400),
        ("GET", "/static/no-such-file.css", {}, b"", 404),
        ("GET", "/static/css/app.css", {}, b"", 200),
        ("GET", "/static/icons.svg", {}, b"", 200),
        ("GET", "/healthz", {}, b"", 200),
        ("POST", "/readyz", {}, b"", 405),
        ("GET", "/metrics", {}, b"", 403),
    ],
)
def test_whatever_goes_wrong_carries_them_too(ask, method, path, headers, body, status):
    answer = ask(method, path, body=body, **headers)
    holds(answer)
    assert answer[0] == status


def test_a_failure_of_ours_carries_them_too(ask, monkeypatch):
    monkeypatch.setattr("idonethis.entries.views.log.Page.of", lambda *_: 1 / 0)
    answer = ask("GET", "/me", who="admin")
    holds(answer)
    assert answer[0] == 500


RECEIVING = [kind for kind, each in registry.integrations().items() if isinstance(each, Receives)]


@pytest.mark.parametrize("kind", RECEIVING)
@pytest.mark.parametrize("method", ["POST", "GET", "HEAD", "DELETE"])
def test_partners_hear_them_too(ask, kind, method):
    for path in (f"/integrations/{kind}/hook", f"/integrations/{kind}/hook/guess"):
        headers = holds(ask(method, path, body=b"{}"))
        assert headers["content-type"].startswith("text/plain")


def test_a_file_may_be_kept_and_a_page_may_not(ask):
    _, file = ask("GET", "/static/css/app.css")
    said = [value for name, value in file if name.lower() == b"cache-control"]
    assert len(said) == 1 and b"no-store" not in said[0]


def test_over_https_nobody_comes_back_in_the_clear(ask, settings):
    settings.HTTPS, settings.SECURE_HSTS_SECONDS = True, 31_536_000
    rim.everywhere.cache_clear()
    try:
        for path in ("/accounts/login/", "/static/css/app.css", "/nowhere"):
            headers = holds(ask("GET", path))
            said = "max-age=31536000; includeSubDomains; preload"
            assert headers["strict-transport-security"] == said
    finally:
        rim.everywhere.cache_clear()


def test_in_the_clear_nothing_is_said_of_https(ask):
    assert "strict-transport-security" not in holds(ask("GET", "/accounts/login/"))
