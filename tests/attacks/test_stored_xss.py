"""What partners and people write runs nowhere: about two hundred programs stand in every text that
is stored, and every page that shows any of it is opened in a real browser under the real content
security policy. Nothing may run, open, be asked of elsewhere, or become an element."""

from __future__ import annotations

import os
from itertools import cycle
from urllib.parse import quote

import pytest
from django.core import signing
from django.utils.safestring import SafeString

from idonethis.entries.drafts import Draft, Retitle
from idonethis.entries.models import Entry
from idonethis.entries.text import clean
from idonethis.integrations import registry
from idonethis.integrations.base import Receives, ReceivesForAll
from idonethis.integrations.models import Receipt
from idonethis.integrations.plain_link import PlainLink
from idonethis.integrations.tests.every import Linked, connected, fixtures
from tests.attacks.asking import address
from tests.attacks.looking import Looker
from tests.attacks.payloads import DOES
from tests.attacks.poisoning import PAYLOADS, poisoned, stocked
from tests.attacks.replacing import loaded, telling
from tests.attacks.routes import ROUTES

#: Playwright's synchronous interface runs an event loop, which the ORM would else refuse.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]
RECEIVING = [each for each in registry.integrations().values() if isinstance(each, Receives)]
receiving = pytest.mark.parametrize("integration", RECEIVING, ids=lambda i: i.integration_type)


@pytest.fixture
def look(live_server, client, context):
    def looking(user):
        client.force_login(user)
        return Looker(context, live_server.url, client.cookies["session"].value)

    return looking


def test_there_are_about_two_hundred():
    assert len(PAYLOADS) == len(set(PAYLOADS)) >= 200


def pages(team):
    """All that open to who administers the team and the server."""
    for path, route in ROUTES.items():
        answers = {route.expected("GET", who) for who in ("admin", "operator")}
        if "GET" in route.answers and "200" in answers:
            yield address(path, team)


def test_no_page_runs_what_is_stored(look):
    team = poisoned()
    visit, wrong = look(team.people["admin"]), []
    for path in pages(team):
        wrong += visit(path)
    wrong += visit.through(f"/t/{team.team.slug}")
    for link in stocked(team):
        wrong += visit(link.get_absolute_url())
    for entry in team.team.entries.exclude(counted_body=""):
        wrong += visit(entry.get_absolute_url())
    assert wrong == []
    assert [each for each in PAYLOADS if not visit.has_seen(clean(each))] == []


def sent(ada, team):
    """Every program in a fixture of some integration, until each fixture has carried two. The links
    over which they came."""
    links = {each: linked(each, team, ada) for each in RECEIVING}
    paths = [(each, path) for each in RECEIVING for path in fixtures(each)]
    programs = cycle(PAYLOADS)
    for number, (integration, path) in enumerate(paths * max(2, len(PAYLOADS) // len(paths) + 1)):
        body, headers, more = loaded(integration, path, next(programs), number=number)
        assert links[integration].post(body, headers, more=more).status < 500
    return [each.link for each in links.values()]


def linked(integration, team, ada):
    if isinstance(integration, ReceivesForAll):
        connected(integration, ada)
    return Linked.make(integration, team, ada)


def test_nothing_that_a_partner_sends_runs_anywhere(look, ada, team):
    links, visit = sent(ada, team), look(ada)
    wrong = visit.through(f"/t/{team.slug}") + visit(f"/t/{team.slug}/unclaimed")
    for entry in team.entries.filter(body__contains=DOES)[:4]:
        wrong += visit(entry.get_absolute_url())
    for link in links:
        wrong += visit(f"/links/{link.hash_id}")
    for page in ("/edit", "/replay"):
        wrong += visit(f"/links/{links[0].hash_id}{page}")
    assert wrong == []
    assert sum(visit.has_seen(clean(each)) for each in PAYLOADS) > len(PAYLOADS) / 2
    assert not Receipt.objects.exclude(state="done").exists()


@receiving
def test_every_text_that_shows_was_found(integration):
    """So that nothing is left out because a fixture could not be taken apart."""
    read = Linked(integration, PlainLink()).read
    saying = [path for path in fixtures(integration) if any(map(says_something, read(path)))]
    found = {path.name: telling(integration, path) for path in saying}
    assert found and all(found.values()), found


def says_something(event):
    return isinstance(event, Draft | Retitle)


def test_no_page_for_what_goes_wrong_runs_anything(look, team, ada):
    """Addresses, and what a partner says of itself."""
    visit, wrong = look(ada), []
    pages = cycle(
        [
            "/t/{team}?tag={said}&person={said}", "/integrations?q={said}&team={said}",
            "/me?kind={said}&source={said}", "/integrations/github?team={said}",
            "/integrations/claim/{said}", "/auth/github/callback?error={said}&state={said}",
            "/nowhere/{said}", "/t/{said}",
        ]
    )  # fmt: skip
    for payload, page in zip(PAYLOADS[::6], pages, strict=False):
        said = quote(payload, safe="")
        found = visit(page.format(team=team.slug, said=said))
        wrong += [each for each in found if not each.endswith((": 400", ": 404"))]
    assert wrong == []


def test_no_name_in_a_claim_runs_anything(look, ada):
    visit, wrong = look(ada), []
    for payload in PAYLOADS[::20]:
        named = {"type": "github", "uid": payload, "login": payload, "name": payload}
        wrong += visit(f"/integrations/claim/{signing.dumps(named, salt='idonethis.claim')}")
    assert wrong == []


#: A page that forgot to escape: with the policy the browser stops the program and says so, without
#: it the program runs.
@pytest.mark.parametrize("has_policy", [True, False])
def test_what_is_not_escaped_would_be_found(look, settings, monkeypatch, team, ada, has_policy):
    entry = Entry.objects.log(Draft(body="x"), team=team, user=ada)
    raw = f"<img src=x onerror={DOES}><script>{DOES}</script>"
    monkeypatch.setattr("idonethis.ui.linkify.linkify", lambda *_: SafeString(raw))
    if not has_policy:
        settings.CONTENT_SECURITY_POLICY = None
    wrong = look(ada)(entry.get_absolute_url())
    assert any("img onerror" in each for each in wrong)
    assert any("Security Policy" in each for each in wrong) == has_policy
    assert any("It ran" in each for each in wrong) != has_policy
