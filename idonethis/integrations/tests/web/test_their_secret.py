"""Partners that sign with a secret of their own: until a person brings it, nothing is taken."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from idonethis.audit.models import AuditRecord
from idonethis.integrations.models import IntegrationLink
from idonethis.integrations.tests.web.conftest import create
from idonethis.integrations.tests.web.test_link_page import page_of, press
from idonethis.integrations.tests.web.test_rotation import taken

pytestmark = pytest.mark.django_db

WHERE = "The foundry shows it once, under Bells."


@pytest.fixture
def theirs(as_ada, foundry, monkeypatch) -> IntegrationLink:
    monkeypatch.setattr(type(foundry), "their_secret", WHERE)
    create(as_ada, by="hand")
    return IntegrationLink.objects.get()


def bring(browser, link, secret):
    page = browser.post(f"/links/{link.hash_id}/secret/take", {"secret": secret}, follow=True)
    link.refresh_from_db()
    return page.content.decode()


def test_until_somebody_brings_it_nothing_is_taken_and_every_page_says_so(as_ada, theirs, foundry):
    assert theirs.sealed_secret == "" and theirs.awaits_secret
    for guess in ("", "x", "None"):
        assert not taken(foundry, theirs.hook_url, guess)
    page = page_of(as_ada, theirs)
    assert WHERE in page and "Nothing is taken yet" in page and "Rotate" not in page
    assert "Waiting for its secret" in as_ada.get(theirs.settings_path).content.decode()


def test_once_it_is_brought_hooks_are_taken(as_ada, theirs, foundry):
    assert "is taken from now on" in bring(as_ada, theirs, "forged in a foundry")
    assert not theirs.awaits_secret and "forged in" not in theirs.sealed_secret
    assert taken(foundry, theirs.hook_url, "forged in a foundry")
    page = page_of(as_ada, theirs)
    assert "forged in" not in page and "Nothing is taken yet" not in page
    assert AuditRecord.objects.filter(action="secret.taken").count() == 1


def test_a_new_one_is_taken_beside_the_one_before_for_a_day(as_ada, theirs, foundry):
    bring(as_ada, theirs, "the first")
    bring(as_ada, theirs, "the second")
    assert taken(foundry, theirs.hook_url, "the first")
    assert taken(foundry, theirs.hook_url, "the second")
    theirs.previous_until = timezone.now() - timedelta(seconds=1)
    theirs.save()
    assert not taken(foundry, theirs.hook_url, "the first")
    assert taken(foundry, theirs.hook_url, "the second")


def test_the_same_again_changes_nothing(as_ada, theirs, foundry):
    bring(as_ada, theirs, "the first")
    bring(as_ada, theirs, "the first")
    assert not theirs.takes_previous and taken(foundry, theirs.hook_url, "the first")


def test_nothing_is_no_secret(as_ada, theirs):
    assert "Nothing was changed." in bring(as_ada, theirs, "")
    assert "Nothing was changed." in bring(as_ada, theirs, "x" * 501)
    assert theirs.awaits_secret


def test_where_ours_is_used_nobody_brings_another(as_ada, foundry):
    create(as_ada, by="hand")
    link = IntegrationLink.objects.get()
    before = link.sealed_secret
    assert "signs with a secret of ours" in bring(as_ada, link, "Mallory’s own")
    assert link.sealed_secret == before


def test_it_cannot_be_shown(as_ada, theirs):
    bring(as_ada, theirs, "forged in a foundry")
    assert theirs.brought == {} and "forged in" not in press(as_ada, theirs, "secret")


@pytest.mark.parametrize("secret", ["", "forged in a foundry"])
def test_it_is_not_ours_to_rotate(as_ada, theirs, foundry, secret):
    bring(as_ada, theirs, secret)
    before = theirs.sealed_secret
    page = press(as_ada, theirs, "secret/rotate")
    assert "made at the partner" in page and "Nothing was changed." in page
    theirs.refresh_from_db()
    assert (theirs.sealed_secret, theirs.sealed_previous_secret) == (before, "")
    assert taken(foundry, theirs.hook_url, secret) == bool(secret)
