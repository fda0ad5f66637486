from __future__ import annotations

import pytest

from tests.installed import PASSWORDS, engines, install
from tests.person import Person
from tests.site import Site


@pytest.fixture
def site(tmp_path, github):
    """With pretend GitHub, and a team that Ada and Grace administer."""
    site = Site(
        tmp_path / "data",
        ALLOWED_ADDRESSES=github.removeprefix("http://"),
        GITHUB_WEB_URL=github,
        GITHUB_API_URL=f"{github}/api/v3",
        GITHUB_CLIENT_ID="pretend-github-client",
        GITHUB_CLIENT_SECRET="pretend-github-secret",
    )
    yield install(site, like=engines()).start()
    site.kill()


@pytest.fixture
def people(site):
    found = {
        name: Person(site).sign_in(f"{name}@example.org", password)
        for name, password in PASSWORDS.items()
    }
    yield found
    for person in found.values():
        person.close()
