"""Static files as an installation serves them: collected, hashed, packed, through ASGI."""

from __future__ import annotations

import asyncio
import re
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx
import pytest
from django.contrib.staticfiles.storage import staticfiles_storage
from django.core.handlers.asgi import ASGIHandler
from django.core.management import call_command
from django.test import override_settings

from idonethis.settings import STORAGES

PACKAGE = Path(__file__).resolve().parents[2]
FOR_GOOD = "max-age=315360000, public, immutable"


@pytest.fixture(scope="module")
def collected(tmp_path_factory):
    folder = tmp_path_factory.mktemp("static")
    with override_settings(STORAGES=STORAGES, STATIC_ROOT=folder, WHITENOISE_AUTOREFRESH=False):
        call_command("collectstatic", verbosity=0, interactive=False)
        yield folder


@pytest.fixture(scope="module")
def get(collected):
    application = ASGIHandler()

    async def fetch(method, path, headers):
        transport = httpx.ASGITransport(application)
        async with httpx.AsyncClient(transport=transport, base_url="http://testserver") as client:
            return await client.request(method, path, headers=headers)

    # The thread of the tests has a loop of its own once a browser has been used.
    with ThreadPoolExecutor(1) as apart:
        yield lambda path, *, method="GET", **headers: apart.submit(
            asyncio.run, fetch(method, path, headers)
        ).result()


def test_every_file_that_a_template_names_is_collected(collected):
    markup = "".join(path.read_text() for path in PACKAGE.rglob("templates/**/*.html"))
    named = set(re.findall(r"{% static '([^']+)'", markup))
    assert len(named) > 3
    for name in named:
        assert (collected / staticfiles_storage.stored_name(name)).exists(), name


def test_a_hashed_file_is_served_whole_packed_and_kept_for_good(get):
    plain = get(staticfiles_storage.url("css/tokens.css"), **{"accept-encoding": "identity"})
    packed = get(staticfiles_storage.url("css/tokens.css"), **{"accept-encoding": "br"})
    assert plain.text == packed.text
    assert "light-dark(" in plain.text
    assert packed.headers["content-encoding"] == "br"
    assert plain.headers["cache-control"] == packed.headers["cache-control"] == FOR_GOOD
    assert plain.headers["content-type"] == 'text/css; charset="utf-8"'


def test_a_font_that_a_style_names_is_kept_for_good(get):
    css = get(staticfiles_storage.url("css/base.css")).text
    css += get(staticfiles_storage.url("css/tokens.css")).text
    name = re.findall(r'url\("../(fonts/[^"]+)"\)', css)[0]
    assert get(f"/static/{name}").headers["cache-control"] == FOR_GOOD


def test_a_name_without_a_hash_is_asked_for_again(get):
    assert get("/static/css/tokens.css").headers["cache-control"] == "max-age=60, public"


def test_what_is_known_already_is_not_sent_again(get):
    url = staticfiles_storage.url("css/tokens.css")
    known = get(url, **{"if-none-match": get(url).headers["etag"]})
    assert (known.status_code, known.content) == (304, b"")


def test_who_asks_for_the_head_or_a_part_gets_no_more(get):
    url = staticfiles_storage.url("css/tokens.css")
    whole = get(url, **{"accept-encoding": "identity"})
    head = get(url, method="HEAD", **{"accept-encoding": "identity"})
    part = get(url, **{"accept-encoding": "identity", "range": "bytes=2-5"})
    assert (head.content, head.headers["content-length"]) == (b"", str(len(whole.content)))
    assert (part.status_code, part.content) == (206, whole.content[2:6])
