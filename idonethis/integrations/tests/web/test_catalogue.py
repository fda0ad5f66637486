"""What can be connected, and how an administrator makes it possible."""

from __future__ import annotations

import re

import pytest

from idonethis.accounts.models import User
from idonethis.integrations import registry
from idonethis.integrations.http import NeedsReconnect
from idonethis.integrations.icons import icon
from idonethis.integrations.markdown import as_html, setup_text
from idonethis.integrations.models import PartnerApp

pytestmark = pytest.mark.django_db

SETUP = "/integrations/foundry/setup"


def shown(response):
    return re.sub(r"\s+", " ", response.content.decode())


@pytest.fixture
def as_operator(as_ada, ada):
    User.objects.filter(pk=ada.pk).update(is_staff=True)
    return as_ada


@pytest.fixture
def unregistered(foundry):
    PartnerApp.objects.all().delete()
    return foundry


# The catalogue.


def test_what_is_connected_comes_first_with_its_health(as_ada, link):
    page = shown(as_ada.get("/integrations"))
    connected, _, rest = page.partition("Connected</h2>")[2].partition("</section>")
    assert "Foundry" in connected and "1 link" in connected and "Nothing has come" in connected
    assert "/integrations/acme" in rest and "/integrations/foundry" not in rest


def test_a_link_in_trouble_shows_on_its_tile_with_the_reason(as_ada, link):
    link.troubled_by(NeedsReconnect("It was revoked there."))
    page = shown(as_ada.get("/integrations"))
    assert "Reconnect" in page and "It was revoked there." in page


def test_what_is_not_set_up_says_so(as_ada, unregistered):
    assert "Needs setup" in shown(as_ada.get("/integrations"))


@pytest.mark.parametrize("query", ["foundry", "CASTINGS", "making", "castings dones"])
def test_the_search_looks_at_name_category_and_tagline(as_ada, foundry, query):
    page = shown(as_ada.get("/integrations", {"q": query}))
    assert "Castings become dones." in page and "Anvils become dones." not in page


@pytest.mark.parametrize("query", ["category=Making", "does=itself", "q=castings&does=out"])
def test_only_what_fits_every_filter_is_shown(as_ada, foundry, query):
    page = shown(as_ada.get(f"/integrations?{query}"))
    assert "Castings become dones." in page and "Anvils become dones." not in page


def test_a_filter_that_nothing_fits_says_so(as_ada, foundry):
    page = shown(as_ada.get("/integrations?category=Code&does=itself"))
    assert "No integration here does that in Code." in page and "Show all 2 integrations" in page


def test_a_filter_that_cannot_be_meant_is_passed_over(as_ada, foundry):
    assert "Anvils become dones." in shown(as_ada.get("/integrations?does=fly"))


def test_each_category_says_how_many_there_are(as_ada, foundry):
    page = shown(as_ada.get("/integrations?category=Making"))
    assert re.search(r'value="Making" checked>Making <span class="num">1<', page)


def test_htmx_gets_the_tiles_alone(as_ada, foundry):
    response = as_ada.get("/integrations?q=castings", headers={"HX-Request": "true"})
    assert "Foundry" in shown(response) and "<html" not in shown(response)
    assert "HX-Request" in response["Vary"]


def test_an_empty_search_says_what_takes_anything(as_ada, foundry):
    registry.integrations()["acme"].category = "Anything"
    page = shown(as_ada.get("/integrations", {"q": "<zzz>"}))
    assert "No integration here has to do with “&lt;zzz&gt;”." in page
    assert "Any tool that can send a webhook works" in page and "?category=Anything" in page
    found = shown(as_ada.get("/integrations?category=Anything"))
    assert "Anvils become dones." in found and "Castings" not in found


def test_without_such_a_thing_it_is_not_hinted_at(as_ada, foundry):
    assert "Any tool that" not in shown(as_ada.get("/integrations?q=zzz"))


# One integration.


def test_an_integration_says_what_it_does_before_one_connects(as_ada, foundry):
    page = shown(as_ada.get("/integrations/foundry?team=analytical-engines"))
    assert "Your forges, to pick one" in page
    assert "One webhook in each forge that you link" in page
    assert 'href="/integrations/foundry/link?team=analytical-engines"' in page
    assert "Add to I Done This" in page


def test_an_integration_shows_what_its_entries_look_like(as_ada, foundry):
    page = shown(as_ada.get("/integrations/foundry"))
    assert "Cast a gear of &lt;brass&gt;" in page and "by ada, from Foundry" in page
    assert "Cast a second gear" not in page and "Never shown" not in page


def test_an_integration_that_is_not_there_is_not_found(as_ada, foundry):
    for path in ("", "/link", "/setup", "/link/choices"):
        assert as_ada.get(f"/integrations/no-such{path}").status_code == 404


def test_a_member_is_told_to_ask_an_administrator(as_ada, unregistered):
    page = shown(as_ada.get("/integrations/foundry"))
    assert "Ask an administrator of the server" in page
    assert "Add to I Done This" not in page and SETUP not in page


def test_an_administrator_is_led_to_the_set_up(as_operator, unregistered):
    assert SETUP in shown(as_operator.get("/integrations/foundry"))


@pytest.mark.parametrize("path", ["/integrations/foundry/link", "/auth/foundry"])
def test_nothing_is_begun_before_it_is_set_up(as_ada, unregistered, path):
    for answer in (as_ada.post(path), as_ada.get(path)):
        assert answer.status_code == 405 or answer["Location"] == "/integrations/foundry"


# The set-up.


def test_only_administrators_of_the_server_set_it_up(as_ada, foundry):
    assert as_ada.get(SETUP).status_code == 403
    assert as_ada.post(SETUP, {"CLIENT_ID": "evil"}).status_code == 403
    assert PartnerApp.credential("foundry", "CLIENT_ID") == "the-id"


def test_the_set_up_shows_what_to_give_to_the_partner(as_operator, unregistered):
    page = shown(as_operator.get(SETUP))
    assert "http://testserver/auth/foundry/callback" in page
    assert "Ask at the door of <strong>Foundry</strong>." in page
    assert "On the door." in page


def test_what_is_typed_is_kept_encrypted_and_never_shown(as_operator, unregistered):
    typed = {"CLIENT_ID": " an-id ", "CLIENT_SECRET": "a-secret", "FLOOR": "3"}
    response = as_operator.post(SETUP, typed)
    assert response["Location"] == "/integrations/foundry"
    assert PartnerApp.credential("foundry", "CLIENT_ID") == "an-id"
    assert "a-secret" not in PartnerApp.objects.get().sealed
    page = shown(as_operator.get(SETUP))
    assert "a-secret" not in page and "an-id" not in page
    assert "••••" in page and "Everything is set." in page


def test_an_empty_field_leaves_what_is_there(as_operator, foundry):
    as_operator.post(SETUP, {"CLIENT_ID": "new-id", "CLIENT_SECRET": ""})
    assert PartnerApp.credential("foundry", "CLIENT_ID") == "new-id"
    assert PartnerApp.credential("foundry", "CLIENT_SECRET") == "the-secret"


def test_what_is_still_missing_is_named_and_nothing_is_kept(as_operator, unregistered):
    response = as_operator.post(SETUP, {"CLIENT_ID": "an-id"})
    page = shown(response)
    assert response.status_code == 422 and "2 things to put right" in page
    assert ">Client secret</a>" in page and ">Floor</a>" in page
    assert not PartnerApp.objects.exists()


def test_what_comes_from_outside_is_named_and_not_changed(as_operator, foundry, monkeypatch):
    monkeypatch.setenv("FOUNDRY_CLIENT_ID", "from-outside")
    page = shown(as_operator.get(SETUP))
    assert "Set from outside, as <code>FOUNDRY_CLIENT_ID</code>" in page
    assert "from-outside" not in page and 'name="CLIENT_ID"' not in page
    as_operator.post(SETUP, {"CLIENT_ID": "typed"})
    assert PartnerApp.objects.get().values["CLIENT_ID"] == "the-id"


def test_an_address_that_nobody_can_reach_is_warned_of(as_operator, foundry, settings):
    assert "cannot reach" not in shown(as_operator.get(SETUP))
    settings.SITE = settings.SITE._replace(netloc="127.0.0.1:8000")
    assert "Foundry cannot reach" in shown(as_operator.get(SETUP))


def test_what_needs_no_set_up_has_none(as_operator, foundry):
    assert as_operator.get("/integrations/acme/setup").status_code == 404


# What an integration brings along.


def test_the_set_up_text_leaves_its_title_out(foundry):
    text = setup_text(foundry)
    assert text.startswith("<ol><li>Ask at the door of <strong>Foundry</strong>.</li>")
    assert "<code>client_id</code>" in text


HOSTILE = [
    ("<script>alert(1)</script>", "&lt;script&gt;"),
    ("<img src=x onerror=alert(1)>", "&lt;img"),
    ("[x](javascript:alert(1))", "javascript"),
    ("[x](data:text/html,hi)", "data:"),
    ('[x](https://a.example/"onmouseover="alert(1))', "a.example"),
    ("[x](//evil.example)", "x"),
    ("[x](/logout)", "x"),
    ("![x](https://a.example/x.png)", "x"),
    ("`<b>`", "<code>&lt;b&gt;</code>"),
    ("```\n<b>\n```", "&lt;b&gt;"),
    ("{0} {x} %s", "{0} {x} %s"),
]


@pytest.mark.parametrize(("text", "expected"), HOSTILE)
def test_set_up_text_is_harmless(text, expected):
    html = as_html(text)
    assert expected in html
    tags = set(re.findall(r"<(\w+)", html))
    assert tags <= {"p", "a", "code", "pre"}
    assert not re.search(r"<[^>]*(\son\w+=|href=\"(?!https?:))", html)


def test_set_up_text_may_have_headings_lists_and_links():
    html = as_html("## Two\n\n#### Four\n\n- a\n- *b*\n\n[c](https://example.org/?a=1&b=2)")
    assert "<h2>Two</h2><h3>Four</h3><ul><li>a</li><li><em>b</em></li></ul>" in html
    assert '<a href="https://example.org/?a=1&amp;b=2" rel="noopener">c</a>' in html


def test_a_picture_is_drawn_anew_from_its_shapes(foundry):
    drawn = icon(foundry)
    assert drawn.startswith('<svg aria-hidden="true" viewBox="0 0 24 24"><path d="M3 21h18')
    assert "script" not in drawn and "onload" not in drawn and "alert" not in drawn


def test_without_a_picture_there_is_the_first_letter(as_ada, foundry):
    assert icon(registry.integrations()["acme"]) == ""
    assert re.search(r'class="lettermark[^>]*>A</span>', shown(as_ada.get("/integrations/acme")))


def test_no_form_uses_a_name_that_the_page_itself_uses():
    ours = {"team", "link", "account", "by", "q", "search", "csrfmiddlewaretoken"}
    for integration in registry.integrations().values():
        assert not ours & set(integration.form.base_fields), integration.name
