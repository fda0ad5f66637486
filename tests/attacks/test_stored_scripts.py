"""What partners and people write runs nowhere: every text of every fixture of every integration is
replaced by programs, and every page that shows anything of it is opened in a real browser under the
real content security policy."""

from __future__ import annotations

import json
import os
from copy import deepcopy
from itertools import islice
from urllib.parse import parse_qsl, quote, urlencode

import pytest
from django.core import signing
from django.test import Client

from idonethis.entries.drafts import Draft
from idonethis.entries.models import Entry
from idonethis.integrations import registry
from idonethis.integrations.base import Receives, ReceivesForAll
from idonethis.integrations.models import IntegrationUser, Receipt, UnclaimedPerson
from idonethis.integrations.plain_link import PlainLink
from idonethis.integrations.testing import headers_of
from idonethis.integrations.tests.every import Linked, connected, fixtures
from idonethis.integrations.values import Hook, Unreadable
from idonethis.teams.models import Team
from tests.attacks.payloads import DOES, payloads
from tests.attacks.spoiling import at, leaves, put

#: Playwright's synchronous interface runs an event loop, which the ORM would else refuse.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]
RECEIVING = [each for each in registry.integrations().values() if isinstance(each, Receives)]
receiving = pytest.mark.parametrize("integration", RECEIVING, ids=lambda i: i.integration_type)
PAYLOADS = payloads()
#: As many as a page of a link shows.
AT_ONCE = 30

LOOK = """() => {
    const bad = []
    const schemes = ["http:", "https:", "mailto:"]
    const addresses = ["href", "src", "action", "formaction", "data", "xlink:href"]
    for (const element of document.querySelectorAll("*")) {
        for (const {name, value} of element.attributes) {
            if (/^on/i.test(name) || /^hx-on/i.test(name)) bad.push(`${element.localName} ${name}`)
            if (!addresses.includes(name)) continue
            const url = new URL(value, location.href)
            if (!schemes.includes(url.protocol)) bad.push(`${element.localName} ${name}=${value}`)
        }
    }
    const strange = "iframe, object, embed, base, style, math, marquee, video, audio, plaintext, " +
        "xmp, meta[http-equiv], script:not([src]), link[href*=evil], img[src*=evil], [srcdoc], " +
        "hx-partial"
    for (const each of document.querySelectorAll(strange)) bad.push(each.outerHTML.slice(0, 200))
    if (window.taken) bad.push("It ran.")
    for (const details of document.querySelectorAll("details")) details.open = true
    return bad
}"""
#: Touches everything that might wait for a touch.
TOUCH = """() => {
    for (const element of document.querySelectorAll("main *")) {
        for (const name of ["mouseover", "focus", "animationstart", "pointerenter"])
            element.dispatchEvent(new Event(name, {bubbles: false}))
    }
    return Boolean(window.taken)
}"""


def test_there_are_about_two_hundred():
    assert len(PAYLOADS) > 180
    assert len(set(PAYLOADS)) == len(PAYLOADS)


# What becomes of one text of a fixture.


def parsed(path):
    """The body of a fixture, and how its bytes are made of it."""
    if path.suffix == ".json":
        return json.loads(path.read_bytes()), lambda whole: json.dumps(whole).encode()
    fields = dict(parse_qsl(path.read_text(), keep_blank_values=True))
    if "payload" in fields:
        return json.loads(fields["payload"]), lambda whole: form(payload=json.dumps(whole))
    return fields, lambda whole: form(**whole)


def form(**fields):
    return urlencode(fields, errors="replace").encode()


def telling(integration, path):
    """The places whose texts show in what the hook becomes."""
    whole, packed = parsed(path)
    for place in leaves(whole):
        marked = deepcopy(whole)
        put(marked, place, "https://marker.example/qzx")
        said = read(integration, packed(marked), path)
        if "qzx" in repr(said):
            yield place


def read(integration, body, path):
    hook = Hook(body, headers_of(integration, path))
    try:
        events = list(integration.read(hook, usual(integration)))
    except Unreadable:
        return ()
    # Names of nobody that we know are shown; ids and keys are not.
    return [(type(e), {k: v for k, v in vars(e).items() if "key" not in k}) for e in events]


def usual(integration):
    fields = integration.link_form.base_fields.items()
    return PlainLink(config={name: field.initial for name, field in fields})


def loaded(integration, path, payload, *, everywhere):
    """The fixture with the payload in all texts that show, or in all that there are."""
    whole, packed = parsed(path)
    for place in leaves(whole) if everywhere else telling(integration, path):
        put(whole, place, f"{payload} {at(whole, place)}" if not everywhere else payload)
    return packed(whole)


# The browser.


@pytest.fixture
def visit(live_server, settings, client, ada, context):
    """Opens a page as Ada, touches it, and says what is wrong with it."""
    settings.ACCOUNT_RATE_LIMITS = False
    client.force_login(ada)
    session = client.cookies["session"].value
    context.add_cookies([{"name": "session", "value": session, "url": live_server.url}])
    page, heard = context.new_page(), []
    page.on("dialog", lambda dialog: (heard.append("A dialog opened."), dialog.dismiss()))
    page.on("pageerror", lambda error: heard.append(str(error)))
    page.on("console", lambda line: heard.append(line.text) if is_complaint(line) else None)
    page.on("request", lambda asked: "evil.example" in asked.url and heard.append(asked.url))

    def visiting(path):
        heard.clear()
        page.goto(live_server.url + path)
        wrong = page.evaluate(LOOK)
        if page.evaluate(TOUCH):
            wrong.append("It ran at a touch.")
        return [f"{path}: {each}" for each in (*wrong, *heard)]

    return visiting


def is_complaint(line):
    return "Security Policy" in line.text or "TrustedHTML" in line.text or "Refused" in line.text


@pytest.fixture
def linked(integration, ada, team):
    if isinstance(integration, ReceivesForAll):
        connected(integration, ada)
    return Linked.make(integration, team, ada)


def chunks(items, size):
    rest = iter(items)
    while chunk := list(islice(rest, size)):
        yield chunk


@receiving
def test_nothing_that_a_partner_sends_runs_anywhere(integration, linked, visit, team):
    paths = fixtures(integration)
    wrong, shown = [], 0
    for number, chunk in enumerate(chunks(enumerate(PAYLOADS), AT_ONCE)):
        for position, payload in chunk:
            path = paths[position % len(paths)]
            for everywhere in (False, True):
                body = loaded(integration, path, payload, everywhere=everywhere)
                own = {integration.delivery_header.lower(): f"{position}-{everywhere}"}
                headers = headers_of(integration, path) | {k: v for k, v in own.items() if k}
                assert linked.post(body, headers).status < 500
        link = linked.link.hash_id
        pages = [f"/t/{team.slug}", f"/links/{link}", f"/links/{link}/edit"]
        entries = Entry.objects.filter(body__contains=DOES).order_by("-pk")
        pages += [entry.get_absolute_url() for entry in entries[:4]]
        pages += ["/me", f"/t/{team.slug}/unclaimed"] if number % 3 == 0 else []
        for page in pages:
            wrong += visit(page)
        shown += entries.count()
        Entry.objects.all().delete()
    assert wrong == []
    assert shown > 20 or UnclaimedPerson.objects.count() > 20
    assert not Receipt.objects.exclude(state="done").exists()


@receiving
def test_every_text_that_shows_was_found(integration):
    """So that nothing is left out because a fixture could not be taken apart."""
    found = {path.name: list(telling(integration, path)) for path in fixtures(integration)}
    making = [name for name in found if not name.startswith(("ignored__", "revoked__"))]
    assert all(found[name] for name in making), found


def test_nothing_that_people_type_runs_anywhere(visit, team, ada, grace):
    for payload in PAYLOADS:
        entry = Entry.objects.log(Draft(body=payload[:2000]), team=team, user=ada)
        entry.comments.create(user=grace, body=payload)
    grace.name = "".join(PAYLOADS[:3])[:120]
    grace.save()
    Team.objects.filter(pk=team.pk).update(name=PAYLOADS[0], done_prompt=PAYLOADS[1])
    wrong, older = [], ""
    for entry in Entry.objects.order_by("-occurred_on", "-occurred_at", "-pk")[::50]:
        wrong += visit(f"/t/{team.slug}{older}")
        older = f"?before={entry.occurred_on}_{entry.pk}"
    for entry in Entry.objects.all()[::5]:
        wrong += visit(entry.get_absolute_url())
    for page in ("people", "settings", "integrations", "unclaimed"):
        wrong += visit(f"/t/{team.slug}/{page}")
    assert wrong == []


def test_no_page_for_what_goes_wrong_runs_anything(visit, team, ada, settings):
    """Addresses, and what a partner says of itself."""
    wrong = []
    for number, payload in enumerate(PAYLOADS):
        said = quote(payload, safe="")
        pages = [
            f"/t/{said}", f"/nowhere/{said}", f"/t/{team.slug}?tag={said}&person={said}",
            f"/integrations?q={said}&team={said}", f"/me?kind={said}&source={said}",
            f"/auth/github/callback?error={said}&error_description={said}&state={said}",
            f"/accounts/login/?next={said}", f"/integrations/github?team={said}",
        ]  # fmt: skip
        if "\0" not in payload:
            wrong += visit(pages[number % len(pages)])
    assert wrong == []


def test_no_refusal_of_a_partner_and_no_name_in_a_claim_runs_anything(visit, team, ada):
    wrong = []
    for payload in PAYLOADS[::6]:
        named = {"type": "github", "uid": payload, "login": payload, "name": payload}
        wrong += visit(f"/integrations/claim/{signing.dumps(named, salt='idonethis.claim')}")
    account = IntegrationUser(integration_type="github", uid="1", user=ada)
    account.login, account.name, account.trouble = PAYLOADS[0], PAYLOADS[1], PAYLOADS[2]
    account.secrets = {"access_token": "x"}
    account.save()
    wrong += visit("/settings/connections") + visit("/integrations/github")
    assert wrong == []


def test_a_page_that_forgot_to_escape_would_be_found(visit, live_server, monkeypatch, team, ada):
    """The policy stops the program, and the browser says so."""
    entry = Entry.objects.log(Draft(body="x"), team=team, user=ada)
    raw = f"<img src=x onerror={DOES}><script>{DOES}</script>"
    from django.utils.safestring import SafeString

    monkeypatch.setattr("idonethis.ui.linkify.linkify", lambda *_: SafeString(raw))
    wrong = visit(entry.get_absolute_url())
    assert any("onerror" in each for each in wrong)
    assert any("Security Policy" in each for each in wrong)
    assert not any("It ran" in each for each in wrong)
    assert Client().get("/nowhere").status_code == 404
