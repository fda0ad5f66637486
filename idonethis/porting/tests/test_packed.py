"""An export as it comes, packed: it goes in as it is, and whatever else is packed does no harm."""

from __future__ import annotations

import io
import zipfile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from idonethis.entries.models import Entry
from idonethis.porting import reading
from idonethis.porting.brought import Unreadable
from idonethis.porting.forms import UNPACKED, UploadForm
from idonethis.porting.tests.moves import bring, of_team, said
from idonethis.porting.writing.files import Export
from idonethis.teams.models import Team

MOST = 1000


def packed(content=b"{}", *, name="log.jsonl", kind=zipfile.ZIP_DEFLATED, others=()):
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", kind) as file:
        for each in (name, *others):
            file.writestr(each, content)
    return made.getvalue()


def read(content):
    return reading.unpacked(content, most=MOST)


@pytest.mark.django_db
def test_the_zip_of_an_export_is_read_as_the_archive_in_it(team, ada, log):
    log("Oiled it")
    made = Export(team).download("zip")
    content = reading.unpacked(made, most=UNPACKED)
    assert content == of_team(team)
    other = Team.objects.found("Mills", admin=ada)
    bring(other, content)
    assert said(other) == said(team)


@pytest.mark.django_db
def test_the_page_reads_it_too(team, log):
    log("Oiled it")
    file = SimpleUploadedFile("export.zip", Export(team).download("zip"))
    form = UploadForm({}, {"file": file})
    assert form.is_valid(), form.errors
    assert [row.entry.body for row in form.read.rows] == ["Oiled it"]


def test_what_is_not_packed_stays_as_it_is():
    assert read(b"PK is a name") == b"PK is a name"


@pytest.mark.parametrize("size", [MOST + 1, 50_000_000])
def test_a_small_file_that_becomes_a_large_one_is_refused(size):
    with pytest.raises(Unreadable, match="more than 1,000 bytes"):
        read(packed(b"x" * size))
    assert read(packed(b"x" * MOST)) == b"x" * MOST


@pytest.mark.parametrize("kind", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_no_kind_of_packing_is_read_that_grows_without_bounds(kind):
    with pytest.raises(Unreadable, match="unpack it"):
        read(packed(kind=kind))


@pytest.mark.parametrize("name", ["../log.jsonl", "/log.jsonl", "..\\log.jsonl", "a/log.jsonl"])
def test_files_of_other_names_are_not_looked_at_and_nothing_is_written(name, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(Unreadable, match="no log.jsonl"):
        read(packed(name=name))
    assert read(packed(others=[name])) == b"{}"
    assert not list(tmp_path.iterdir())


def spoiled():
    whole = packed(b"Oiled it " * 50)
    yield whole[:40]
    yield whole[:35] + b"\xff" * 8 + whole[43:]
    yield b"PK\x03\x04"
    # It says that it is encrypted, in both places where it says so.
    yield whole.replace(b"PK\x03\x04\x14\x00\x00", b"PK\x03\x04\x14\x00\x01").replace(
        b"PK\x01\x02\x14\x03\x14\x00\x00", b"PK\x01\x02\x14\x03\x14\x00\x01"
    )


@pytest.mark.parametrize("content", spoiled(), ids=["half", "broken", "empty", "encrypted"])
def test_a_spoiled_one_is_refused_with_a_sentence(content):
    with pytest.raises(Unreadable, match="no whole .zip"):
        read(content)


@pytest.mark.django_db
def test_a_page_that_is_sent_a_bomb_says_so_and_brings_nothing():
    form = UploadForm({}, {"file": SimpleUploadedFile("b.zip", packed(b"x" * (UNPACKED + 1)))})
    assert "Nothing was imported" in str(form.errors) and not Entry.objects.exists()
