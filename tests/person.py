"""Somebody at the site, without a browser: fills in forms, follows to partners and back."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

import httpx

from idonethis.simulators.visitor import consent
from tests.site import Site


class Person:
    def __init__(self, site: Site) -> None:
        self.site = site
        self.web = httpx.Client(base_url=site.url, timeout=20, follow_redirects=False)

    def post(self, path: str, **fields) -> httpx.Response:
        """As a form of the page would send it."""
        token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', self.page("/teams/new"))
        fields["csrfmiddlewaretoken"] = token[1] if token else ""
        answer = self.web.post(path, data=fields, headers={"Referer": self.site.url + path})
        assert answer.status_code in (200, 302), answer.text[:2000]
        return answer

    def page(self, path: str) -> str:
        answer = self.web.get(path, follow_redirects=True)
        return " ".join(answer.text.split())

    def sign_in(self, email: str, password: str) -> Person:
        text = self.page("/accounts/login/")
        token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', text)[1]
        fields = {"login": email, "password": password, "csrfmiddlewaretoken": token}
        headers = {"Referer": f"{self.site.url}/accounts/login/"}
        answer = self.web.post("/accounts/login/", data=fields, headers=headers)
        assert answer.status_code == 302, answer.text[:2000]
        return self

    def connect(self, partner: str, who: str, **chosen) -> None:
        """All the way through the partner's consent page."""
        there = self.post(f"/auth/{partner}", **chosen).headers["Location"]
        back = self.web.get(f"/auth/{partner}/callback", params=consent(there, who))
        assert back.status_code == 302, back.text[:2000]

    def link(self, partner: str, **chosen) -> str:
        """Makes a link of the team; returns the path of its page."""
        self.post(f"/integrations/{partner}/link", **chosen)
        text = self.page(f"/t/{chosen['team']}/integrations")
        return re.findall(r'href="(/links/\w+)"', text)[-1]

    def close(self) -> None:
        self.web.close()


def path_of(url: str) -> str:
    return urlsplit(url).path
