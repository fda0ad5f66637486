"""Every body that is on this machine, signed as its sender signs, through one running server."""

from __future__ import annotations

import json
import os
import sqlite3
from collections import Counter
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from urllib.parse import urlsplit

import httpx
import pytest
from click.testing import CliRunner

from idonethis import commands
from idonethis.integrations import registry
from idonethis.integrations.plain_link import PlainLink
from idonethis.integrations.previewing import Fate, Preview
from idonethis.integrations.testing_bodies import bodies, over
from idonethis.integrations.values import Hook, Secret
from tests.installed import engines, install
from tests.others.counting import PAGE, column, page
from tests.others.sorts import FOLDERS, Sent, sent
from tests.site import Site

FOUND = [each for kind in FOLDERS for each in dict.fromkeys(sent(kind))]
pytestmark = [pytest.mark.slow, *over(bodies("by-service/*/*.json"))]
#: Ends of what makes, changes or takes back an entry: which of them depends on who is known here
#: (nobody yet), and on what came before.
ABOUT_AN_ENTRY = {
    "created", "joined", "updated", "retracted", "duplicate", "no_person", "nothing_to_change",
}  # fmt: skip


@dataclass(frozen=True)
class Sender:
    """Knows one link, as a partner does."""

    kind: str
    url: str
    secret: Secret

    @classmethod
    def of(cls, site: Site, kind: str) -> Sender:
        integration = registry.integrations()[kind]
        theirs = integration.signature.new_secret() if integration.their_secret else ""
        own = ["--secret", theirs] if theirs else []
        made = site.told("link", "add", kind, "--team", "engines", *own)
        return cls(kind, made["hook_url"], Secret(theirs or made["secret"]))

    def post(self, each: Sent, client: httpx.Client) -> int:
        signature, headers = registry.integrations()[self.kind].signature, headers_of(each)
        now, query = datetime.now(UTC), urlsplit(self.url).query
        plain = signature.stamped(
            Hook(each.body, headers, "POST", query, now, self.url), self.secret
        )
        signed = signature.sign(plain, self.secret)
        return client.post(self.url, content=plain.body, headers=headers | signed).status_code


def headers_of(each: Sent) -> dict[str, str]:
    header = registry.integrations()[each.integration_type].event_header.lower()
    return {"content-type": "application/json"} | ({header: each.event} if header else {})


@cache
def previewed(each: Sent) -> Fate:
    integration = registry.integrations()[each.integration_type]
    link = PlainLink(config=integration.defaults)
    return Preview(integration, Hook(each.body, headers_of(each)), link).fate()


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    site = install(Site(tmp_path_factory.mktemp("others") / "data"), like=engines()).start()
    yield site
    assert site.stop() == 0


def outcomes(site: Site, kind: str) -> Counter[str]:
    question = "SELECT outcome FROM integrations_receipt WHERE integration_type = ?"
    with closing(sqlite3.connect(f"file:{site.data}/inbox.sqlite3?mode=ro", uri=True)) as inbox:
        return Counter(grouped(outcome) for (outcome,) in inbox.execute(question, [kind]))


def grouped(outcome: str) -> str:
    return "about an entry" if outcome in ABOUT_AN_ENTRY else outcome


def expected(mine: list[Sent]) -> Counter[str]:
    """What is answered at once, or refused, leaves no receipt, and what says that it is the same
    delivery as another, none of its own."""
    stored = {key: previewed(each) for each in reversed(mine) if (key := stored_key(each))}
    return Counter(grouped(fate.reason.value) for fate in stored.values())


def stored_key(each: Sent) -> str:
    integration = registry.integrations()[each.integration_type]
    hook = Hook(each.body, headers_of(each))
    stays = previewed(each).response.status < 300 and integration.challenge(hook) is None
    return integration.stored_key(hook) if stays else ""


@pytest.mark.parametrize("kind", FOLDERS)
def test_each_ends_as_it_was_previewed_and_none_is_a_failure(site, kind):
    mine = [each for each in FOUND if each.integration_type == kind]
    sender, fates = Sender.of(site, kind), [previewed(each) for each in mine]
    with httpx.Client() as client:
        statuses = [sender.post(each, client) for each in mine]
    assert statuses == [fate.response.status for fate in fates] and max(statuses) < 500
    site.settle(60)
    assert outcomes(site, kind) == expected(mine)


def test_the_command_says_the_same(tmp_path):
    runner = CliRunner()
    for number, each in enumerate(FOUND):
        file = tmp_path / str(number)
        file.write_bytes(each.body)
        options = [word for name, v in headers_of(each).items() for word in ("-H", f"{name}: {v}")]
        told = runner.invoke(
            commands.idonethis, ["preview", each.integration_type, str(file), *options]
        )
        assert told.exit_code == 0, told.output
        assert json.loads(told.output) == json.loads(json.dumps(previewed(each).facts()))


def test_the_page_of_what_they_became_is_what_is_counted():
    counts = {registry.name_of(kind): Counter() for kind in FOLDERS}
    for each in FOUND:
        counts[registry.name_of(each.integration_type)][column(previewed(each))] += 1
    if os.environ.get("WRITE_PAGES"):
        PAGE.write_text(page(counts))
    assert PAGE.read_text() == page(counts), "Run this test with WRITE_PAGES=1."
