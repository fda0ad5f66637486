"""Partners as they send: signed bodies like the recorded ones, each about something new, together
with what must come of it."""

from __future__ import annotations

import hashlib
import hmac
import json
import time
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any
from urllib.parse import urlencode

from faults.fixtures import fixture
from faults.people import PEOPLE, WORKSPACE, Person
from faults.sending import Route, Said, Sending, said

#: How far back the events lie at most.
PAST = timedelta(days=20)
REPOSITORIES = 20


def signed(secret: str, text: bytes) -> str:
    return hmac.new(secret.encode(), text, hashlib.sha256).hexdigest()


class Sender:
    """Everything that one link is sent, numbered from 0. ``name`` keeps two of them apart."""

    def __init__(self, route: Route, chance: Random, *, name: str = "") -> None:
        self.route = route
        self.chance = chance
        self.name = name or route.name
        self._count = 0

    def next(self) -> Sending:
        self._count += 1
        return self.make(f"{self.name}-{self._count}", self._count)

    def make(self, id: str, number: int) -> Sending:
        raise NotImplementedError

    def _someone(self) -> Person:
        return self.chance.choice(PEOPLE)

    def _sometime(self) -> datetime:
        """In whole seconds, as partners count."""
        back = self.chance.uniform(60, PAST.total_seconds())
        return datetime.fromtimestamp(int(time.time() - back), UTC)

    def _sending(self, id: str, body: bytes, headers: Mapping[str, str], *means: Said) -> Sending:
        return Sending(id, self.route.name, self.route.path, body, headers, means)


class Webhook(Sender):
    def make(self, id: str, number: int) -> Sending:
        who, when = self._someone(), self._sometime()
        kind, text = self.chance.choice(("done", "goal", "blocked")), f"Turned the crank {id}"
        content = {"text": text, "status": kind, "person": who.email, "id": id}
        body = json.dumps(content | {"date": when.isoformat()}).encode()
        return self.signed(id, body, said(self.route, text, who, who.day_of(when), kind=kind))

    def signed(self, id: str, body: bytes, *means: Said) -> Sending:
        headers = {
            "Content-Type": "application/json",
            "X-Delivery-Id": id,
            "X-Signature-256": f"sha256={signed(self.route.secret, body)}",
        }
        return self._sending(id, body, headers, *means)


class GitHub(Sender):
    """Pushes, merged pull requests and closed issues, in turn."""

    def make(self, id: str, number: int) -> Sending:
        makers = (self._push, self._pull, self._issue)
        event, body, *means = makers[number % 3](id, number, self._someone(), self._sometime())
        return self.signed(id, event, json.dumps(body).encode(), *means)

    def signed(self, id: str, event: str, body: bytes, *means: Said) -> Sending:
        headers = {
            "Content-Type": "application/json",
            "User-Agent": "GitHub-Hookshot/1815add",
            "X-GitHub-Delivery": id,
            "X-GitHub-Event": event,
            "X-Hub-Signature-256": f"sha256={signed(self.route.secret, body)}",
        }
        return self._sending(id, body, headers, *means)

    def _push(self, id: str, number: int, who: Person, when: datetime) -> tuple[Any, ...]:
        """Two commits; what one person pushes to one repository in a day is one entry."""
        base, repository = fixture("github", "push__three_commits"), self._repository(number)
        commits = [self._commit(base["commits"][0], f"{id}/{n}", when) for n in (1, 2)]
        body = base | {"repository": repository, "sender": _account(base["sender"], who)}
        body |= {"commits": commits, "head_commit": commits[-1], "after": commits[-1]["id"]}
        inside = f"Pushed # to main of {repository['full_name']}"
        day = who.day_of(when)
        texts = [commit["message"] for commit in commits]
        return "push", body, *(said(self.route, t, who, day, inside=inside) for t in texts)

    def _repository(self, number: int) -> dict[str, Any]:
        base, which = fixture("github", "push__three_commits")["repository"], number % REPOSITORIES
        return base | {"id": base["id"] + which, "full_name": f"analytical/engine-{which}"}

    def _commit(self, base: dict[str, Any], name: str, when: datetime) -> dict[str, Any]:
        sha = hashlib.sha1(name.encode(), usedforsecurity=False).hexdigest()
        message = f"Carry the tens {name}"
        return base | {"id": sha, "message": message, "timestamp": when.isoformat()}

    def _pull(self, id: str, number: int, who: Person, when: datetime) -> tuple[Any, ...]:
        base = fixture("github", "pull_request__merged")
        sha = hashlib.sha1(f"{id}/merge".encode(), usedforsecurity=False).hexdigest()
        pull = base["pull_request"] | _numbered(id, number, when)
        pull |= {"merged_at": _instant(when), "merge_commit_sha": sha}
        pull["user"] = _account(pull["user"], who)
        text = f"Merged “Fix the roof {id}” (#{number})"
        body = base | {"number": number, "pull_request": pull, "repository": self._repository(0)}
        return "pull_request", body, said(self.route, text, who, who.day_of(when))

    def _issue(self, id: str, number: int, who: Person, when: datetime) -> tuple[Any, ...]:
        base = fixture("github", "issues__completed")
        issue = base["issue"] | _numbered(id, number, when)
        body = base | {"issue": issue, "sender": _account(base["sender"], who)}
        body |= {"repository": self._repository(0)}
        text = f"Closed “Fix the roof {id}” (#{number})"
        return "issues", body, said(self.route, text, who, who.day_of(when))


def _account(base: dict[str, Any], who: Person) -> dict[str, Any]:
    return base | {"id": who.github, "login": who.login}


def _instant(when: datetime) -> str:
    return when.isoformat().replace("+00:00", "Z")


def _numbered(id: str, number: int, when: datetime) -> dict[str, Any]:
    at = _instant(when)
    return {"number": number, "title": f"Fix the roof {id}", "closed_at": at, "updated_at": at}


class Slack(Sender):
    """Slash commands, signed once: who sends one again sends the same request."""

    def make(self, id: str, number: int) -> Sending:
        who, stamp = self._someone(), int(time.time())
        kind, command = self.chance.choice((("done", "/done"), ("goal", "/goal")))
        text = f"Oiled the wheel {id}"
        fields = {"command": command, "text": text, "trigger_id": id, "user_id": who.slack}
        fields |= {"team_id": WORKSPACE, "user_name": who.login, "channel_id": "C0ENGINES01"}
        day = who.day_of(datetime.fromtimestamp(stamp, UTC))
        return self.signed(
            id, urlencode(fields).encode(), stamp, said(self.route, text, who, day, kind=kind)
        )

    def signed(
        self, id: str, body: bytes, stamp: int, *means: Said, is_form: bool = True
    ) -> Sending:
        digest = signed(self.route.secret, b"v0:" + str(stamp).encode() + b":" + body)
        headers = {
            "Content-Type": f"application/{'x-www-form-urlencoded' if is_form else 'json'}",
            "X-Slack-Request-Timestamp": str(stamp),
            "X-Slack-Signature": f"v0={digest}",
        }
        return self._sending(id, body, headers, *means)


KINDS: Mapping[str, type[Sender]] = {"github": GitHub, "webhook": Webhook, "slack": Slack}
