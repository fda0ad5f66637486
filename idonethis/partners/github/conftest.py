from __future__ import annotations

from collections.abc import Iterator

import pytest

from idonethis.partners.github.pretending import PretendGitHub
from idonethis.simulators.github.app import GitHub
from idonethis.simulators.running import running


@pytest.fixture
def github(monkeypatch: pytest.MonkeyPatch) -> Iterator[PretendGitHub]:
    with running(GitHub()) as url:
        monkeypatch.setenv("GITHUB_WEB_URL", url)
        monkeypatch.setenv("GITHUB_API_URL", f"{url}/api/v3")
        yield PretendGitHub(url)
