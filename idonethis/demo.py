"""``idonethis up --demo``: a team that already works, with a pretend GitHub and a pretend Slack."""

from __future__ import annotations

import logging
import threading
import time
from typing import Any

from django.conf import settings
from django.db import connections
from django.urls import reverse

from idonethis import env
from idonethis.accounts.models import User
from idonethis.entries import text
from idonethis.entries.drafts import Draft
from idonethis.entries.models import Entry
from idonethis.integrations import registry
from idonethis.integrations.base import Integration
from idonethis.integrations.models import IntegrationLink, IntegrationUser, PartnerApp
from idonethis.integrations.models.making import make_link
from idonethis.server import Server
from idonethis.simulators import visitor
from idonethis.simulators.base import Simulator
from idonethis.simulators.github.app import GitHub
from idonethis.simulators.running import Running, start
from idonethis.simulators.slack.app import Slack
from idonethis.teams.models import Membership, Team

log = logging.getLogger(__name__)

#: Who is who, here and at the pretend partners.
PEOPLE = {"ada": "Ada Lovelace", "grace": "Grace Hopper", "mallory": "Mallory"}
PRETENDING: dict[str, type[Simulator]] = {"github": GitHub, "slack": Slack}
LINKS = {
    "github": {"repository": "analytical/engine"},
    "slack": {"channel": "C0DONELOG01|done"},
}
TYPED = {
    "ada": "Sketched the carry of the tens #mill\n[] write the notes for Mr Babbage",
    "grace": "Found a moth in relay 70 #debugging\n! waiting for the new relays",
}
DEEDS: tuple[tuple[str, dict[str, Any]], ...] = (
    ("push", {"actor": "ada", "commits": 3}),
    ("open_pull_request", {"actor": "ada", "title": "Let the cards decide which way to turn"}),
    ("merge_pull_request", {"actor": "grace", "method": "squash"}),
    ("open_issue", {"actor": "grace", "title": "The mill squeaks"}),
    ("close_issue", {"actor": "grace"}),
    ("push", {"actor": "babbage", "commits": 1}),
)


class Demo:
    """Starts the pretend partners beside the server, and fills an empty log by letting people
    there do things: what shows up came in by real hooks."""

    def __init__(self, port: int, server: Server) -> None:
        self._server = server
        self._ports = {name: port + 1 + number for number, name in enumerate(LINKS)}
        self._running: dict[str, Running] = {}

    def begin(self) -> Demo:
        for name, port in self._ports.items():
            self._running[name] = self._start(name, port)
        self.password = env.kept_secret("DEMO_PASSWORD")[:16]
        self.people = {name: _person(name, self.password) for name in PEOPLE}
        self.team = _team("Analytical Engines", self.people["ada"], self.people["grace"])
        _team("Night Shift", self.people["mallory"])
        threading.Thread(target=self._fill, name="demo", daemon=True).start()
        return self

    def _start(self, name: str, port: int) -> Running:
        secret = env.kept_secret(f"DEMO_{name}_SIGNING_SECRET")
        hook = settings.BASE_URL + reverse("hook", args=[name])
        urls = ("events_url", "slash_url", "interactivity_url")
        simulator = PRETENDING[name](
            state_path=settings.DATA / f"pretend-{name}.json",  # type: ignore[call-arg]
            settings={"signing_secret": secret, **dict.fromkeys(urls, hook)},
        )
        started = start(simulator, port)
        prefix = name.upper()
        env.set_default(f"{prefix}_WEB_URL", started.url)
        env.set_default(f"{prefix}_API_URL", started.url + simulator.api_prefix)
        env.set_default(f"{prefix}_CLIENT_ID", simulator.client.client_id)
        env.set_default(f"{prefix}_CLIENT_SECRET", simulator.client.client_secret)
        env.set_default(f"{prefix}_SIGNING_SECRET", secret)
        settings.ALLOWED_ADDRESSES.append(f"127.0.0.1:{port}")
        return started

    @property
    def greeting(self) -> list[str]:
        """Lines for the terminal."""
        pretend = [f"Pretend {name:<11}{running.url}" for name, running in self._running.items()]
        return [f"Sign in as         ada@example.org   password {self.password}", *pretend]

    def _fill(self) -> None:
        """Once the server answers, since the pretend partners send to it at once."""
        while not self._server.is_serving:
            time.sleep(0.05)
        try:
            if not IntegrationLink.objects.filter(team=self.team).exists():
                self._connect()
                self._work()
        except Exception:
            log.exception("The demo is not complete")
        finally:
            connections.close_all()

    def _connect(self) -> None:
        for name, config in LINKS.items():
            integration = registry.integrations()[name]
            accounts = [_signed_in(integration, who, self.people[who]) for who in ("grace", "ada")]
            acting = accounts[-1].workspace or accounts[-1]
            defaults = {key: f.initial for key, f in integration.form().fields.items()}
            make_link(
                integration,
                self.team,
                user=self.people["ada"],
                integration_user=acting,
                config=defaults | config,
            )

    def _work(self) -> None:
        for who, lines in TYPED.items():
            for line in text.parse(lines):
                draft = Draft(body=line.body, kind=line.kind)
                Entry.objects.log(draft, team=self.team, user=self.people[who])
        for action, values in DEEDS:
            url = self._running["github"].url
            visitor.act(url, action, repository="analytical/engine", **values)
        done = {"account": "grace", "command": "/done", "text": "Wrote a compiler #languages"}
        visitor.act(self._running["slack"].url, "command", **done)

    def stop(self) -> None:
        for running in self._running.values():
            running.stop()


def _person(name: str, password: str) -> User:
    email = f"{name}@example.org"
    found = User.objects.filter(email=email).first()
    if found:
        return found
    names = {"name": PEOPLE[name], "nickname": name}
    made = User.objects.enrol(email, password, verified=True, **names)
    Team.objects.personal(made)
    return made


def _team(name: str, *people: User) -> Team:
    team, _ = Team.objects.get_or_create(name=name)
    for number, user in enumerate(people):
        team.join(user, Membership.Role.ADMIN if number == 0 else Membership.Role.MEMBER)
    return team


def _signed_in(integration: Integration, who: str, user: User) -> IntegrationUser:
    """The whole dance, with the pretend partner's own consent page."""
    talk = PartnerApp.conversation(integration)
    departure = talk.depart("demo")
    token = talk.token(visitor.consent(departure.url, who), secret=departure.secret)
    account = integration.identify(token, integration.client(token))
    kind = integration.integration_type
    return IntegrationUser.objects.establish(account, integration_type=kind, user=user)
