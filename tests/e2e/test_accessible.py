"""No page of the demo has anything that keeps somebody from using it, in either colour."""

from __future__ import annotations

import re
import time
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.urls import Resolver404, resolve

from tests.site import Site

pytestmark = pytest.mark.slow

AXE = Path(__file__).resolve().parents[2] / "var" / "axe" / "axe.min.js"
SIGNED_OUT = ("/accounts/login/", "/accounts/password/reset/", "/setup/no-such-key", "/nowhere")
#: What each colour scheme is looked at for, as axe takes it: the dark one has other colours, and
#: nothing else. https://github.com/dequelabs/axe-core/blob/develop/doc/API.md#options-parameter
SCHEMES = {"light": {}, "dark": {"runOnly": ["color-contrast"]}}
#: Pages of one kind have the same colours, and those take longer than everything else.
KNOWN = {"light": {"rules": {"color-contrast": {"enabled": False}}}}
#: Looks at the page with everything unfolded, and at each dialog opened.
CHECK = """async (options) => {
    const look = async (part) => {
        const {violations} = await axe.run(part, {resultTypes: ["violations"], ...options})
        return violations
            .filter(each => ["serious", "critical"].includes(each.impact))
            .flatMap(each => each.nodes.map(node => `${each.id}: ${node.html.slice(0, 200)}`))
    }
    for (const each of document.querySelectorAll("details:not(.menu)")) each.open = true
    const found = await look(document)
    for (const dialog of document.querySelectorAll("dialog:not([open])")) {
        dialog.showModal()
        found.push(...await look(dialog))
        dialog.close()
    }
    return found
}"""


@pytest.fixture(scope="module")
def demo(tmp_path_factory):
    site = Site(tmp_path_factory.mktemp("demo") / "data").start("--demo")
    until = time.monotonic() + 30
    while len(site.entries("analytical-engines")) < 8:
        assert time.monotonic() < until, site.log.read_text()
        time.sleep(0.2)
    site.run("link", "add", "webhook", "--team", "analytical-engines")
    yield site
    assert site.stop() == 0


def sign_in(page, demo):
    page.goto(f"{demo.url}/accounts/login/")
    page.fill("[name=login]", "ada@example.org")
    page.fill("[name=password]", re.search(r"password (\S+)", demo.log.read_text())[1])
    page.click("main button.primary")
    page.wait_for_url("**/t/analytical-engines")


def kind(path):
    """What a page is a page of: one of each is enough, of links all."""
    try:
        found = resolve(path)
    except Resolver404:
        return None
    which = path if "link" in found.view_name else found.kwargs.get("integration_type")
    return found.view_name, which


def barriers(page, schemes=SCHEMES):
    found = []
    page.evaluate(AXE.read_text())
    for scheme, options in schemes.items():
        page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
        found += [
            f"{urlsplit(page.url).path} ({scheme}) {each}" for each in page.evaluate(CHECK, options)
        ]
    return found


def links_of(page, demo):
    hrefs = page.eval_on_selector_all("a[href]", "all => all.map(each => each.href)")
    return [urlsplit(each)._replace(fragment="").geturl() for each in hrefs if demo.url in each]


def test_no_page_of_the_demo_keeps_anybody_out(page, demo):
    sign_in(page, demo)
    waiting, seen, found = [page.url], set(), []
    while waiting:
        url = waiting.pop(0)
        which = kind(urlsplit(url).path)
        if which is None or which in seen:
            continue
        is_known = which[0] in {name for name, _ in seen}
        seen.add(which)
        page.goto(url)
        found += barriers(page, schemes=KNOWN if is_known else SCHEMES)
        waiting += links_of(page, demo)
    assert len(seen) > 20
    assert found == []


@pytest.mark.parametrize("path", SIGNED_OUT)
def test_no_page_for_strangers_keeps_anybody_out(page, demo, path):
    page.goto(f"{demo.url}{path}")
    assert barriers(page) == []


def test_the_terminal_has_no_complaint(page, demo):
    sign_in(page, demo)
    assert "Warning" not in demo.log.read_text()
