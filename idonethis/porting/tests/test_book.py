"""The pages of an export: readable without a server, and harmless whoever wrote what is there."""

from __future__ import annotations

import io
import re
import zipfile

import pytest

from idonethis.entries.models import Comment, Like
from idonethis.porting.writing.files import Export, write
from idonethis.porting.writing.pages import Book
from idonethis.teams.models import Team

pytestmark = pytest.mark.django_db

HOSTILE = "<script>alert(1)</script><img src=x onerror=alert(1)> javascript:alert(1) \"'>"


@pytest.fixture
def pages(team, ada, grace, log):
    ada.name = HOSTILE
    ada.save()
    Team.objects.filter(pk=team.pk).update(name=HOSTILE[:80])
    entry = log(HOSTILE, kind="goal")
    Comment.objects.create(entry=entry, user=grace, body=HOSTILE)
    Like.objects.create(entry=entry, user=grace)
    log("Found a moth, see https://mill.example/1", user=grace)
    log("Broke it").delete_softly(by=ada)
    team.refresh_from_db()
    return {name: page.decode() for name, page in Book(team).pages()}


def test_there_is_a_page_a_month_and_a_page_a_person_and_year(pages, ada, grace):
    year, month = ada.today().year, ada.today().month
    assert set(pages) == {
        "index.html",
        f"{year}-{month:02}.html",
        f"person-{ada.hash_id}-{year}.html",
        f"person-{grace.hash_id}-{year}.html",
    }


def test_every_page_is_reached_from_the_index_and_leads_nowhere_else(pages):
    assert set(re.findall(r'href="([^":]+html)"', pages["index.html"])) == {
        "../index.html", *(set(pages) - {"index.html"})
    }  # fmt: skip
    links = {
        link for page in pages.values() for link in re.findall(r'(?:href|src)="(\w+:[^"]*)"', page)
    }
    assert links == {"https://mill.example/1"}


def test_what_people_wrote_is_text_and_nothing_else(pages):
    for page in pages.values():
        assert "<script" not in page and "<img" not in page
        assert "default-src &#x27;none&#x27;" not in page and "default-src 'none'" in page
    shown = "".join(pages.values())
    assert "&lt;script&gt;alert(1)" in shown and "Found a moth" in shown


def test_a_browser_that_is_dark_shows_them_dark_as_a_whole(pages):
    """On the body alone the ground stays white, and links become too light to read."""
    assert all("<style>html{color-scheme:light dark}" in page for page in pages.values())


def test_what_was_deleted_is_on_no_page(pages):
    assert "Broke it" not in "".join(pages.values())


def test_all_files_lie_in_one_zip(team, log):
    log("Oiled it")
    with io.BytesIO() as made:
        Export(team).zip_into(made)
        with zipfile.ZipFile(made) as found:
            names = set(found.namelist())
            assert b"Oiled it" in found.read("log.jsonl")
    slug = team.slug
    assert {"log.jsonl", "index.html", f"{slug}.csv", f"{slug}/index.html"} < names


def test_a_file_is_there_whole_or_as_it_was_before(tmp_path):
    def breaking():
        yield b"half"
        raise OSError("The disk is full.")

    file = tmp_path / "log.jsonl"
    file.write_bytes(b"before")
    with pytest.raises(OSError, match="full"):
        write(file, breaking())
    assert file.read_bytes() == b"before" and list(tmp_path.iterdir()) == [file]
