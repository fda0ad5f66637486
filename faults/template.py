"""A site with people, teams and links, made once for each database and copied for each fault."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from urllib.parse import urlsplit

from faults.browser import PASSWORD, Browser
from faults.databases import Database
from faults.partner import Partner
from faults.people import ADA, GRACE, PEOPLE, WORKSPACE
from faults.sending import Route
from tests.site import Site

SIGNING_SECRET = "a signing secret of the fault tests"
#: Those whose logs fill, and those whose entries go out to a channel each.
BUSY = ("engines", "looms")
POSTING = {"couriers": "C0DONELOG01|done", "pigeons": "C0GENERAL01|general"}
TEAMS = (*BUSY, *POSTING)
#: In which people type, whatever else goes on.
TYPING = "library"
#: Which integration each team is linked to for what comes in.
LINKS = [(team, kind) for team in BUSY for kind in ("github", "webhook")]
LINKS += [(team, "webhook") for team in POSTING]
PLACE = "template"
#: Of Slack's tokens, in seconds, as Slack has it.
LIFETIME = "43200"


def settings(slack: Partner) -> dict[str, str]:
    """What an operator would set for it."""
    client = {"CLIENT_ID": "pretend-slack-client", "CLIENT_SECRET": "pretend-slack-secret"}
    named = {f"SLACK_{name}": value for name, value in client.items()}
    named |= {"SLACK_SIGNING_SECRET": SIGNING_SECRET, "ALLOWED_ADDRESSES": "127.0.0.1"}
    # What a fault sends at once would be a storm to everybody else.
    return named | {"STORM_LIMIT": "0", "HOOK_RATE": "0"} | slack.addresses


class Template:
    """``routes``: how partners reach each link, by name, such as ``engines/github``."""

    def __init__(self, database: Database, folder: Path) -> None:
        self.database = database
        self.data = folder / "data"
        self.slack = Partner("slack", folder, **{"token-lifetime": LIFETIME})
        self.routes: dict[str, Route] = {}

    def make(self) -> Template:
        self.data.parent.mkdir(parents=True)
        self.slack.start()
        site = Site(self.data, **settings(self.slack), **self.database.settings(PLACE))
        try:
            site.start()
            self._fill(site)
            self._post(site.url)
        finally:
            site.kill()
            self.slack.stop()
        return self

    def _fill(self, site: Site) -> None:
        links = [
            ["link", "add", kind, "--team", team, "--json"]
            for team, kind in [*LINKS, ("engines", "slack")]
        ]
        printed = run(site, [*_people(), *_teams(), *links])[-len(links) :]
        for words, told in zip(links, printed, strict=True):
            facts, name = json.loads(told), f"{words[4]}/{words[2]}"
            secret = SIGNING_SECRET if words[2] == "slack" else facts["secret"]
            path = urlsplit(facts["hook_url"]).path
            self.routes[name] = Route(name, words[4], path, secret)

    def _post(self, url: str) -> None:
        """What is logged in these teams goes out to a channel of theirs."""
        ada = Browser(url, ADA)
        ada.connect("slack")
        for team, channel in POSTING.items():
            answer = ada.link("slack", team, channel=channel, kinds=["done", "goal", "blocked"])
            assert answer.status_code == 302, answer.text[-2000:]
        ada.close()


def _people() -> list[list[str]]:
    commands = []
    for person in PEOPLE:
        when = ["--time-zone", person.zone, "--day-ends-at", str(person.day_ends_at)]
        name = ["--name", person.name, "--password", PASSWORD]
        commands.append(["user", "add", person.email, *name, *when])
        commands.append(["identity", "add", "github", str(person.github), person.email])
        slack = f"{WORKSPACE}/{person.slack}"
        # Ada proves by herself who she is there.
        commands += [["identity", "add", "slack", slack, GRACE.email]] if person is GRACE else []
    return commands


def _teams() -> list[list[str]]:
    commands = []
    for team in (*TEAMS, TYPING):
        commands.append(["team", "add", team.title()])
        commands.append(["member", "add", team, ADA.email, "--role", "admin"])
        commands.append(["member", "add", team, GRACE.email])
    return commands


def run(site: Site, commands: list[list[str]]) -> list[str]:
    """What each printed."""
    lines = "".join(json.dumps(words) + "\n" for words in commands)
    command = [sys.executable, "-m", "faults.commands"]
    done = subprocess.run(command, env=site.env, input=lines, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    return [json.loads(line) for line in done.stdout.splitlines()]
