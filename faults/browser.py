"""A person at a browser, as far as forms go."""

from __future__ import annotations

import re
from typing import Any

import httpx

from faults.people import Person
from idonethis.simulators import visitor

PASSWORD = "an engine of brass"


#: Shorter than the server keeps a connection on which nothing happens: one that it is just closing
#: would be taken for a fault.
FRESH = httpx.Limits(keepalive_expiry=2)


class Browser:
    """Signed in as this person."""

    def __init__(self, url: str, person: Person) -> None:
        self.client = httpx.Client(base_url=url, timeout=30, limits=FRESH)
        self.client.get("/accounts/login/")
        self.person = person
        answer = self.post("/accounts/login/", login=person.email, password=PASSWORD)
        assert answer.status_code == 302, answer.text[:500]

    def post(self, path: str, **fields: Any) -> httpx.Response:
        token = self.client.cookies.get("csrf", "")
        return self.client.post(path, data={"csrfmiddlewaretoken": token, **fields})

    def get(self, path: str) -> httpx.Response:
        return self.client.get(path)

    def connect(self, partner: str) -> None:
        """All the way through the partner's consent page."""
        there = self.post(f"/auth/{partner}").headers["location"]
        back = visitor.consent(there, self.person.login)
        self.client.get(f"/auth/{partner}/callback", params=back)

    def link(self, partner: str, team: str, **fields: Any) -> httpx.Response:
        account = re.search(r'name="account"\s+value="(\w+)"', self.link_page(partner))
        chosen = {"account": account[1]} if account else {}
        return self.post(f"/integrations/{partner}/link", team=team, **chosen, **fields)

    def link_page(self, partner: str) -> str:
        return self.get(f"/integrations/{partner}/link").text

    def close(self) -> None:
        self.client.close()
