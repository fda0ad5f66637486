"""How administrators register applications of others, and end them."""

from __future__ import annotations

import re

import pytest

from idonethis.accounts.models import ApiToken, App, User
from idonethis.audit.models import AuditRecord

pytestmark = pytest.mark.django_db
PAGE = "/administration/applications"
BACK = "https://mill.example.org/back"
MILL = {"name": "Mill", "redirect_uris": BACK, "scopes": ["write", "read"], "secret": "on"}


@pytest.fixture
def root(client, db) -> User:
    made = User.objects.create_superuser("root@example.org", "secret", name="Root")
    client.force_login(made)
    return made


@pytest.fixture
def mill(db):
    facts = {"redirect_uris": [BACK], "scopes": ["read"]}
    return App.objects.register("Mill", secret=True, **facts)[0]


def secret_in(answer):
    found = re.findall(r'id="client-secret">([^<]+)<', answer.content.decode())
    return found[0] if found else ""


def test_a_new_one_is_shown_with_its_secret_this_once(client, root):
    answer = client.post(PAGE, MILL)
    made, shown = App.objects.get(), secret_in(answer)
    assert (made.redirect_uris, made.scopes) == ([BACK], ["read", "write"])
    assert len(shown) == 43 and made.check_client_secret(shown)
    assert "no-store" in answer["Cache-Control"]
    again = client.get(PAGE).content.decode()
    assert shown not in again and made.hash_id in again and BACK in again


def test_one_that_can_keep_no_secret_gets_none(client, root):
    answer = client.post(PAGE, MILL | {"secret": "", "redirect_uris": "", "devices": "on"})
    assert App.objects.get().hashed_secret == "" == secret_in(answer)
    assert "client_id" in answer.content.decode()


@pytest.mark.parametrize(
    ("said", "why"),
    [
        ({"redirect_uris": "http://mill.example.org/back"}, "no address to lead people back to"),
        ({"redirect_uris": f"{BACK}\njavascript:alert(1)"}, "no address to lead people back to"),
        ({"redirect_uris": ""}, "Say where it is answered"),
        ({"scopes": []}, "This field is required"),
        ({"scopes": ["everything"]}, "not one of the available choices"),
        ({"name": ""}, "This field is required"),
    ],
)
def test_what_does_not_fit_is_registered_nowhere(client, root, said, why):
    answer = client.post(PAGE, MILL | said)
    assert answer.status_code == 422 and why in answer.content.decode()
    assert not App.objects.exists()


def test_with_a_new_secret_the_old_one_opens_nothing(client, root, mill):
    before = mill.hashed_secret
    shown = secret_in(client.post(f"{PAGE}/{mill.hash_id}/secret"))
    mill.refresh_from_db()
    assert mill.check_client_secret(shown) and mill.hashed_secret != before


def test_what_has_no_secret_gets_none_later(client, root):
    made, _ = App.objects.register("Phone", secret=False, redirect_uris=[BACK], scopes=["read"])
    assert client.post(f"{PAGE}/{made.hash_id}/secret").status_code == 404


def test_removed_it_is_let_in_by_nobody_any_more(client, root, mill, ada):
    ApiToken.objects.lend(ada, mill, ["read"])
    assert 'let in by <span class="num">1</span>' in client.get(PAGE).content.decode()
    client.post(f"{PAGE}/{mill.hash_id}/remove")
    assert not App.objects.exists() and not ApiToken.objects.exists()


def test_it_is_written_down_without_any_secret(client, root, mill):
    shown = secret_in(client.post(f"{PAGE}/{mill.hash_id}/secret"))
    client.post(f"{PAGE}/{mill.hash_id}/remove")
    told = AuditRecord.objects.filter(thing=mill.hash_id)
    assert {each.action for each in told} == {
        "app.registered",
        "app.secret_rotated",
        "app.removed",
    }
    assert {each.who for each in told} == {"", root.hash_id}
    assert shown not in str([each.details for each in told])
