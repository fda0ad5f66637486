"""Bodies that others published or recorded, signed as their partner signs, through the running
server: none fails, each ends in one outcome, and sending them again changes nothing."""

from __future__ import annotations

import hashlib
import hmac
import json
import random
import time
from collections import Counter
from pathlib import Path
from urllib.parse import urlencode

import httpx
import pytest

from idonethis.integrations.testing_bodies import bodies
from tests.installed import engines, install
from tests.site import Site

pytestmark = [pytest.mark.slow, pytest.mark.shared]

ROOT = Path(__file__).resolve().parent.parent
PUBLISHED = ROOT / "var" / "octokit" / "api.github.com" / "index.json"
SECRET = "a signing secret of the tests"


def published():
    if not PUBLISHED.exists():
        return []
    events = json.loads(PUBLISHED.read_text())
    return [(e["name"], json.dumps(body).encode()) for e in events for body in e["examples"]]


def recorded():
    files = bodies("by-service/github/*.json")
    return [(f.stem.partition("__")[0], f.read_bytes()) for f in files]


def from_slack():
    for file in bodies("slack/**/*.json"):
        body = json.loads(file.read_text())
        if "slash-commands" in file.parts:
            yield "form", urlencode(body).encode()
        elif "app-backend" in file.parts:
            yield "form", urlencode({"payload": json.dumps(body)}).encode()
        else:
            yield "json", json.dumps(body).encode()
    for file in bodies("by-service/slack/*.txt"):
        yield "form", file.read_bytes().strip()


@pytest.fixture
def site(tmp_path):
    site = Site(tmp_path / "data", SLACK_SIGNING_SECRET=SECRET)
    yield install(site, like=engines()).start()
    assert site.stop() == 0


def three_times(bodies):
    """Once as they are, then twice more, shuffled, under new delivery ids."""
    chance = random.Random(1815)
    for again in range(3):
        order = list(enumerate(bodies))
        if again:
            chance.shuffle(order)
        for number, body in order:
            yield f"{again}-{number}", body


def test_github(site):
    bodies = published() + recorded()
    if not bodies:
        pytest.skip("No bodies of others are here.")
    link = site.told("link", "add", "github", "--team", "engines")
    for login in ("21031067", "@Codertocat", "@baxterthehacker", "@kou", "@eeshangarg"):
        site.run("identity", "add", "github", login, "ada@example.org")
    statuses, entries = Counter(), []
    with httpx.Client() as client:
        for delivery, (event, body) in three_times(bodies):
            digest = hmac.new(link["secret"].encode(), body, hashlib.sha256).hexdigest()
            headers = {
                "Content-Type": "application/json",
                "X-GitHub-Event": event,
                "X-GitHub-Delivery": delivery,
                "X-Hub-Signature-256": f"sha256={digest}",
            }
            answer = client.post(link["hook_url"], content=body, headers=headers)
            statuses[answer.status_code] += 1
            if delivery == f"0-{len(bodies) - 1}":
                site.settle(60)
                entries = [(e["id"], e["body"], e["deleted"]) for e in site.entries("engines")]
    receipts = site.settle(60)
    assert statuses == {200: 3 * len(bodies)}
    assert len(receipts) == 3 * len(bodies)
    assert all(receipt["outcome"] for receipt in receipts)
    assert not [r for r in receipts if r["outcome"] in ("template_error", "unreadable")]
    after = [(e["id"], e["body"], e["deleted"]) for e in site.entries("engines")]
    assert sorted(after) == sorted(entries)
    said = {body for _, body, _ in after}
    if published():
        assert "Released 0.0.1 of Codertocat/Hello-World" in said
        assert "Pushed 1 commit to master of Codertocat/Hello-World" in said
    if recorded():
        assert "Merged “Update the README with new information” (#1)" in said
    print(Counter(receipt["outcome"] for receipt in receipts), sorted(said))


def test_slack(site):
    bodies = list(from_slack())
    if not bodies:
        pytest.skip("No bodies of others are here.")
    site.told("link", "add", "slack", "--team", "engines")
    statuses = Counter()
    types = {"json": "application/json", "form": "application/x-www-form-urlencoded"}
    with httpx.Client() as client:
        for _, (kind, body) in three_times(bodies):
            stamp = str(int(time.time()))
            signed = b"v0:" + stamp.encode() + b":" + body
            digest = hmac.new(SECRET.encode(), signed, hashlib.sha256).hexdigest()
            headers = {
                "Content-Type": types[kind],
                "X-Slack-Request-Timestamp": stamp,
                "X-Slack-Signature": f"v0={digest}",
            }
            url = f"{site.url}/integrations/slack/hook"
            statuses[client.post(url, content=body, headers=headers).status_code] += 1
    receipts = site.settle(60)
    assert statuses == {200: 3 * len(bodies)}
    assert all(receipt["outcome"] for receipt in receipts)
    assert not [r for r in receipts if r["outcome"] in ("template_error", "unreadable")]
    assert site.entries("engines") == []
    print(Counter(receipt["outcome"] for receipt in receipts))
