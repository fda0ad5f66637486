"""A real n8n is told of entries, looks at their signatures and logs something itself: what held is
printed, and whatever did not ends the run with 1. ``bin/check-n8n`` installs it and comes here."""

from __future__ import annotations

import re
import shutil
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx

from tests.installed import PASSWORDS, engines, install
from tests.person import Person
from tests.site import Site
from tests.with_n8n.instance import N8n
from tests.with_n8n.workflows import credential, echoing, refusing

#: The first three tries come within this, in seconds.
PATIENCE = 420
SCOPES = ["read", "write", "hooks"]


class Check:
    """Ada logs in Engines; what n8n hears of that, it logs in her team Echo."""

    def __init__(self, program: Path, folder: Path) -> None:
        (folder / "n8n").mkdir()
        self.n8n = N8n(program, folder / "n8n")
        allowed = {"ALLOWED_ADDRESSES": f"127.0.0.1:{self.n8n.port}"}
        self.site = install(Site(folder / "data", **allowed), engines())
        self.site.run("team", "add", "Echo")
        self.site.run("member", "add", "echo", "ada@example.org")
        self.site.start()
        self.token = self._token()
        bearer = {"Authorization": f"Bearer {self.token}"}
        base = f"{self.site.url}/api/v2"
        self.api = httpx.Client(base_url=base, headers=bearer, trust_env=False, timeout=30)
        self.teams = {team["name"]: team["hash_id"] for team in self.ask("GET", "/teams")}
        self.failed = 0

    def _token(self) -> str:
        ada = Person(self.site).sign_in("ada@example.org", PASSWORDS["ada"])
        page = ada.post("/settings/tokens", name="n8n", scopes=SCOPES).text
        return re.findall(r'id="new-token">([^<]+)<', page)[0]

    def ask(self, method: str, path: str, **said: Any) -> Any:
        answer = self.api.request(method, path, **({"json": said} if said else {}))
        answer.raise_for_status()
        return answer.json()

    def log(self, body: str) -> str:
        return self.ask("POST", "/entries", body=body, team_id=self.teams["Engines"])["hash_id"]

    def subscribe(self, path: str) -> dict[str, Any]:
        wanted = {"target_url": self.n8n.hook(path), "team_id": self.teams["Engines"]}
        return self.ask("POST", "/hooks", **wanted, integration="n8n")

    def heard(self) -> list[str]:
        """What n8n has logged, the newest first."""
        found = self.ask("GET", f"/entries?team_id={self.teams['Echo']}&page_size=200")
        return [entry["body"] for entry in found]

    def sent(self, hook: dict[str, Any]) -> list[dict[str, Any]]:
        return self.ask("GET", f"/hooks/{hook['id']}/deliveries")["items"]

    def holds(self, what: str, true: Callable[[], Any], *, within: float = 30) -> None:
        until, held = time.monotonic() + within, False
        while not (held := bool(true())) and time.monotonic() < until:
            time.sleep(0.5)
        self.failed += not held
        print(f"{'ok    ' if held else 'FAILED'}  {what}", flush=True)

    def run(self) -> None:
        hook, ending = self.subscribe("idonethis"), self.subscribe("farewell")
        entries, echo = f"{self.site.url}/api/v2/entries", self.teams["Echo"]
        echoes = echoing("idonethis", secret=hook["secret"], entries=entries, team=echo)
        refuses = refusing("farewell")
        self.n8n.bring("credentials", credential(self.token))
        for each in (echoes, refuses):
            self.n8n.bring("workflow", each)
            self.n8n.activate(each, active=True)
        self.n8n.start()
        self.is_told(hook)
        self.takes_no_forgeries()
        self.ends_at_410(ending)
        self.waits_while_away(hook, echoes)
        self.ends(hook)

    def is_told(self, hook: dict[str, Any]) -> None:
        entry = self.log("Turned the crank #mill")
        for event, method, said in (
            ("entry_created", "", {}),
            ("entry_updated", "PATCH", {"body": "Turned the crank twice"}),
            ("entry_deleted", "DELETE", {}),
        ):
            if method:
                self.ask(method, f"/entries/{entry}", **said)
            told = f"{event} {entry}"
            self.holds(f"{event}: signature verified, logged", lambda t=told: t in self.heard())

    def takes_no_forgeries(self) -> None:
        before = self.heard()
        forged = {"webhook-id": "x", "webhook-timestamp": str(int(time.time()))}
        forged["webhook-signature"] = f"v1,{'A' * 43}="
        body = {"type": "entry_created", "data": {"hash_id": "forged"}}
        answer = httpx.post(
            self.n8n.hook("idonethis"), json=body, headers=forged, trust_env=False, timeout=30
        )
        refused = answer.status_code == 500 and self.heard() == before
        self.holds(f"a forged signature is refused: {answer.status_code}", lambda: refused)

    def ends_at_410(self, hook: dict[str, Any]) -> None:
        path = f"/hooks/{hook['id']}"
        gone = lambda: self.api.get(path).status_code == 404  # noqa: E731
        self.holds("who answers 410 is told nothing more, and the hook is gone", gone)

    def waits_while_away(self, hook: dict[str, Any], workflow: dict[str, Any]) -> None:
        self._turn(workflow, active=False)
        entry = self.log("Oiled the mill")
        waits = lambda: any("404" in str(each) for each in self.sent(hook))  # noqa: E731
        self.holds("a workflow that is not active answers 404, and it is tried again", waits)
        state = self.ask("GET", f"/hooks/{hook['id']}")["state"]
        self.holds(f"meanwhile the hook is there: {state}", lambda: state == "active")
        self._turn(workflow, active=True)
        told = f"entry_created {entry}"
        self.holds("active again, it arrives", lambda: told in self.heard(), within=PATIENCE)

    def _turn(self, workflow: dict[str, Any], active: bool) -> None:
        self.n8n.stop()
        self.n8n.activate(workflow, active=active)
        self.n8n.start()

    def ends(self, hook: dict[str, Any]) -> None:
        self.ask("DELETE", f"/hooks/{hook['id']}")
        before = self.heard()
        self.log("Nobody hears of this")
        time.sleep(5)
        self.holds("unsubscribed, it hears of nothing more", lambda: self.heard() == before)
        self.holds("and heard of everything once", lambda: len(set(before)) == len(before))

    def close(self) -> None:
        self.api.close()
        self.n8n.stop()
        self.site.stop()


def main(program: str) -> int:
    folder = Path(tempfile.mkdtemp(prefix="idonethis-with-n8n-"))
    check = Check(Path(program), folder)
    try:
        print(f"n8n {check.n8n.run('--version').strip().splitlines()[-1]}", flush=True)
        check.run()
    finally:
        check.close()
        shutil.rmtree(folder, ignore_errors=True)
    return 1 if check.failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
