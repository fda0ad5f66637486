"""Pictures of the demo for the README: ``bin/picture``."""

from __future__ import annotations

import re
import tempfile
import time
from pathlib import Path

from playwright.sync_api import sync_playwright

from tests.site import Site

IMAGES = Path(__file__).resolve().parent.parent / "docs" / "images"


def main() -> None:
    site = Site(Path(tempfile.mkdtemp()) / "data").start("--demo")
    try:
        with sync_playwright() as playwright:
            time.sleep(4)
            take(playwright, site)
    finally:
        site.stop()


def take(playwright, site: Site) -> None:
    flags = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
    browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=flags)
    for theme in ("light", "dark"):
        page = browser.new_page(
            viewport={"width": 1120, "height": 900}, color_scheme=theme, device_scale_factor=1.5
        )
        page.goto(f"{site.url}/accounts/login/")
        page.fill("[name=login]", "ada@example.org")
        page.fill("[name=password]", re.search(r"password (\S+)", site.log.read_text())[1])
        page.click("main button.primary")
        page.wait_for_url("**/t/analytical-engines")
        page.evaluate("document.activeElement.blur()")
        page.wait_for_timeout(1000)
        page.screenshot(path=IMAGES / f"log-{theme}.png")
        page.close()
    browser.close()


if __name__ == "__main__":
    main()
