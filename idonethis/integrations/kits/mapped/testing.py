"""What the tests of all tools hold."""

from __future__ import annotations

from typing import Any


class LetsInByHeader:
    """To be inherited beside ``HookTestCase``."""

    def test_the_header_of_the_set_up_page_is_what_lets_in(self: Any) -> None:
        shown = {"authorization": f"Bearer {self.link.signing_secret}"}
        body = self.fixture("done")
        self.assertEqual(self.post_hook(body, headers=shown, signed=False).status_code, 200)
        guessed = {"authorization": self.link.signing_secret}
        self.assertEqual(self.post_hook(body, headers=guessed, signed=False).status_code, 401)
