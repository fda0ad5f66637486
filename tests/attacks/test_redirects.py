"""Nobody is sent from here to an address of somebody else's choosing."""

from __future__ import annotations

import re
from urllib.parse import urlencode, urljoin, urlsplit

import pytest

from tests.attacks.asking import FORM, address
from tests.attacks.conftest import undone
from tests.attacks.routes import ROUTES

pytestmark = pytest.mark.django_db
EVIL = [
    "//evil.example", "///evil.example", "////evil.example", "/\\evil.example", "\\\\evil.example",
    "/\\/evil.example", "https://evil.example", "https:evil.example", "https:/evil.example",
    "http:///evil.example", "/%09/evil.example", "/\t/evil.example", "\t//evil.example",
    " //evil.example", "%2f%2fevil.example", "／／evil.example", "javascript:alert(1)",
    "JaVaScRiPt:alert(1)", "java\nscript:alert(1)", "data:text/html,x",
    "//evil.example\\@testserver", "https://testserver@evil.example", "//evil.example#testserver",
    "https://testserver.evil.example", ".evil.example", "@evil.example",
    "\x01//evil.example", "/\r\nLocation: https://evil.example",
    "https://evil。example", "vbscript:x", "blob:https://evil.example/x", "//[::1]/", "//",
]  # fmt: skip
#: Whatever anybody has ever called such a thing.
NAMES = (
    "next", "return_to", "return", "returnTo", "redirect", "redirect_uri", "redirect_url", "url",
    "continue", "dest", "destination", "goto", "target", "back", "from", "choices", "link", "team",
)  # fmt: skip


def where(location):
    """Where a browser goes: it drops line breaks and tabs, and takes a backslash for a slash.
    https://url.spec.whatwg.org/#concept-basic-url-parser"""
    stripped = re.sub(r"[\t\r\n]", "", location).strip("".join(map(chr, range(33))))
    return urlsplit(urljoin("http://testserver/", stripped.replace("\\", "/")))


def stays(response):
    location = response.get("Location", "") or response.get("HX-Redirect", "")
    there = where(location)
    return there.scheme in ("http", "https") and there.netloc == "testserver"


#: Partners, as their settings say.
AWAY = "http://127.0.0.1:9/"


def asked(world, who, method, url, parameters):
    """The site is asked with the parameters in the address and in the form."""
    query = urlencode(parameters)
    body = f"{query}&password=engine&login=x"
    with undone():
        return world.browser(who).generic(method, f"{url}?{query}", body, content_type=FORM)


@pytest.mark.parametrize("path", ROUTES)
def test_no_parameter_leads_away(world, red, path):
    url = address(path, red)
    for who, method in (("anonymous", "GET"), ("admin", "GET"), ("admin", "POST")):
        one, other = (
            asked(world, who, method, url, dict.fromkeys(NAMES, value)).get("Location")
            for value in ("/me", "/settings")
        )
        # Where a parameter decides, everything is tried; elsewhere, whether it does after all.
        for evil in EVIL if one != other else EVIL[:3] if one else ():
            response = asked(world, who, method, url, dict.fromkeys(NAMES, evil))
            away = response.get("Location", "").startswith(AWAY)
            assert stays(response) or away, (method, evil, response["Location"])


@pytest.mark.parametrize(
    "path", ["//evil.example", "//evil.example/settings", "/\\evil.example/me"]
)
@pytest.mark.parametrize("who", ["anonymous", "admin"])
def test_no_path_leads_away(world, path, who):
    for method in ("GET", "POST"):
        response = world.browser(who).generic(method, "/", PATH_INFO=path)
        assert response.status_code == 404


@pytest.mark.parametrize("evil", EVIL)
def test_saying_the_password_again_leads_nowhere_else(world, evil):
    browser = world.browser("admin")
    with undone():
        asked = f"/accounts/reauthenticate/?{urlencode({'next': evil})}"
        response = browser.post(asked, {"password": "engine", "next": evil})
    assert response.status_code == 302
    assert stays(response), response["Location"]


@pytest.mark.parametrize("host", ["localhost:6666", "127.0.0.1:81", "testserver:99"])
def test_no_mail_leads_to_a_host_that_the_request_named(world, red, mailoutbox, host):
    """The names of a server and this machine are allowed hosts, and any port with them."""
    admin = red.people["admin"]
    with undone():
        browser = world.browser("anonymous")
        browser.post("/accounts/password/reset/", {"email": admin.email}, headers={"host": host})
        browser.post("/accounts/password/reset/", {"email": "x@x.org"}, headers={"host": host})
        browser = world.browser("admin")
        browser.post("/accounts/reauthenticate/", {"password": "engine"}, headers={"host": host})
        said = {"email": "other@example.org", "action_add": ""}
        browser.post("/accounts/email/", said, headers={"host": host})
    assert len(mailoutbox) == 3
    for mail in mailoutbox:
        text = f"{mail.subject}\n{mail.body}"
        assert host not in text
        assert re.findall(r"https?://([^/\s]+)", text) in ([], ["testserver"])
