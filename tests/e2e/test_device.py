"""A person lets their terminal in by a browser, and logs from there."""

from __future__ import annotations

import pytest

from tests.e2e.test_walk import set_up
from tests.typing_in import Terminal

pytestmark = pytest.mark.slow


def test_a_code_is_typed_in_a_browser_and_the_terminal_logs(page, site, tmp_path):
    set_up(page, site)
    terminal = Terminal(tmp_path / "home")
    login = terminal.start(f"did login {site.url}")
    _, address, *_, code = login.stderr.readline().split()
    page.goto(address)
    page.get_by_label("Code").fill(code)
    page.click("text=Go on")
    assert code in page.locator("main").inner_text()
    page.click("text=Let it in as Ada Lovelace")
    page.get_by_text("is let in", exact=False).first.wait_for()
    assert "as Ada Lovelace. You are in 2 teams" in login.communicate(timeout=60)[0]
    terminal.types("did teams 'Analytical Engines'")
    assert terminal.types("did 'Turned the crank'") == "✓ Turned the crank\n"
    page.goto(f"{site.url}/t/analytical-engines")
    assert "Turned the crank" in page.locator("main").inner_text()
    assert "Turned the crank" in terminal.types("did log")
    terminal.types("did logout")
    assert "not logged in" in terminal.types(f"did logout {site.url}", status=1)
