"""Pretend GitHub, as the tests of the calls to it use it."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

from idonethis.integrations.base import Client
from idonethis.partners.github.integration import integration
from idonethis.simulators.visitor import act, consent, read

ENGINE = "analytical/engine"
OLD_NAME = "analytical/mill"
#: Leads away from GitHub.
LURE = "mallory/lure"


@dataclass(frozen=True)
class PretendGitHub:
    url: str

    def token_of(self, login: str, *scopes: str) -> Mapping[str, Any]:
        """What GitHub gives for a code, once the person has agreed to what we ask for."""
        declared = integration.oauth
        callback = "http://127.0.0.1/auth/github/callback"
        asked = {"client_id": "pretend-github-client", "redirect_uri": callback}
        query = urlencode({**asked, "scope": " ".join(scopes or declared.scopes), "state": "s"})
        code = consent(f"{declared.authorize_url.format(web=self.url)}?{query}", login)["code"]
        form = {**asked, "client_secret": "pretend-github-secret", "code": code}
        web = Client(headers=declared.token_headers)
        token: dict[str, Any] = web.post(declared.token_url.format(web=self.url), form=form).json
        return token

    def client_of(self, login: str, *scopes: str) -> Client:
        return integration.client(self.token_of(login, *scopes))

    def hooks(self, who: str = "ada") -> list[dict[str, Any]]:
        """As an owner sees them in the settings of the repository."""
        found: list[dict[str, Any]] = self.client_of(who).get(f"/repos/{ENGINE}/hooks").json
        return found

    def sent(self) -> list[tuple[str, dict[str, Any]]]:
        """The events and bodies that its webhooks were sent, oldest first."""
        ada, found = self.client_of("ada"), []
        for hook in self.hooks():
            path = f"/repos/{ENGINE}/hooks/{hook['id']}/deliveries"
            for line in ada.get(path, params={"per_page": 100}).json:
                whole = ada.get(f"{path}/{line['id']}").json
                found.append((line["event"], whole["request"]["payload"]))
        return found[::-1]

    def ago(self, **span: float) -> None:
        """What happens from now on happened so long ago; without a span, now."""
        ahead = act(self.url, "clock", forward=0)["now"] - time.time()
        act(self.url, "clock", forward=-timedelta(**span).total_seconds() - ahead)

    def world_hooks(self) -> list[dict[str, Any]]:
        """All webhooks there are, with what was delivered to each, newest first."""
        found: list[dict[str, Any]] = read(self.url, "hooks")["hooks"]
        return found

    def journal(self, path: str) -> list[dict[str, Any]]:
        """Calls of the API to paths like this, oldest first."""
        calls: list[dict[str, Any]] = read(self.url, f"journal?path={path}")["calls"]
        return calls

    def act(self, action: str, /, **values: Any) -> None:
        act(self.url, action, **values)

    def happens(self, action: str, actor: str = "ada", **values: Any) -> None:
        """Somebody does something in the repository of the engine."""
        act(self.url, action, repository=ENGINE, actor=actor, **values)

    def paths(self) -> list[str]:
        """Everything that was asked for until now."""
        return [call["path"] for call in read(self.url, "journal")["calls"]]
