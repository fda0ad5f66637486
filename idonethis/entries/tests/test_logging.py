"""What somebody types on the page of their team, and the button they press."""

from __future__ import annotations

import pytest
from django.core.cache import cache
from django.db import OperationalError
from django.urls import reverse

from idonethis.entries.models import Entry
from idonethis.entries.signals import entries_created

pytestmark = pytest.mark.django_db
TYPED = {"body": "Oiled the mill\n[] Cast a gear", "key": "of-this-page"}


@pytest.fixture
def address(team):
    cache.clear()
    return reverse("log", args=[team.slug])


@pytest.fixture
def trouble():
    """The next time that somebody hears of entries, the database is out of order."""
    left = [OperationalError("the disk is full")]

    def hear(**_):
        if left:
            raise left.pop()

    entries_created.connect(hear)
    yield
    entries_created.disconnect(hear)


def logged():
    return list(Entry.objects.order_by("pk").values_list("kind", "body"))


def test_each_line_is_an_entry_and_pressed_twice_it_is_one(visitor, address):
    for _ in range(2):
        assert visitor("ada").post(address, TYPED).status_code == 302
    assert logged() == [("done", "Oiled the mill"), ("goal", "Cast a gear")]


def test_the_same_words_on_another_page_are_meant(visitor, address):
    for key in ("of-this-page", "of-another", "", ""):
        visitor("ada").post(address, TYPED | {"key": key})
    assert len(logged()) == 8


@pytest.mark.django_db(transaction=True)
def test_what_failed_is_logged_as_a_whole_when_it_is_sent_again(visitor, address, trouble):
    browser = visitor("ada")
    browser.raise_request_exception = False
    assert browser.post(address, TYPED).status_code == 500
    assert logged() == []
    assert browser.post(address, TYPED).status_code == 302
    assert logged() == [("done", "Oiled the mill"), ("goal", "Cast a gear")]
