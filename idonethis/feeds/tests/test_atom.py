"""What stands in an Atom feed, as feed readers read it."""

from __future__ import annotations

import feedparser
import pytest
from django.conf import settings

from idonethis.feeds.tests.conftest import items, read

pytestmark = pytest.mark.django_db


def test_an_entry_says_what_was_done_by_whom_and_where_to_read_it(of_team, logs, grace):
    entry = logs(grace, "Found a moth, see https://example.org/moth #debugging")
    (item,) = items(of_team).values()
    assert item.title.startswith("Grace Hopper: Found a moth")
    assert item.author == "Grace Hopper"
    assert item.link == settings.BASE_URL + entry.get_absolute_url()
    assert '<a href="https://example.org/moth"' in item.summary
    assert [tag.term for tag in item.tags] == ["Done", "debugging"]


def test_it_keeps_its_name_when_it_is_edited(of_all, logs, ada):
    entry = logs(ada, "Wrote a program")
    before = items(of_all)["Wrote a program"]
    entry.edit(kind="done", body="Wrote the first program")
    after = items(of_all)["Wrote the first program"]
    assert after.id == before.id and after.updated_parsed >= before.updated_parsed
    assert after.id.startswith("tag:testserver,")


def test_what_is_removed_is_gone(of_all, logs, ada):
    logs(ada, "Wrote a program").delete_softly(by=ada)
    assert items(of_all) == {}


def test_the_feed_says_whose_it_is(of_all):
    answer = read(of_all.atom_url)
    said = feedparser.parse(answer.content).feed
    assert answer["Content-Type"] == "application/atom+xml; charset=utf-8"
    assert (said.title, said.author) == ("Ada Lovelace (I Done This)", "Ada Lovelace")
    assert said.link == said.id == f"{settings.BASE_URL}/me"


def test_markup_that_somebody_typed_stays_what_it_is(of_all, logs, ada):
    logs(ada, "Drew <script>alert(1)</script> & <b>more</b>")
    body = read(of_all.atom_url).content.decode()
    assert "<script>" not in body and "&amp;lt;script&amp;gt;" in body
    (item,) = items(of_all).values()
    assert "<script" not in item.summary and "alert(1)" in item.summary
