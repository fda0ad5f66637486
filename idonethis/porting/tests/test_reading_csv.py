"""A CSV however it was saved: which rows are read, and which are told with their lines."""

from __future__ import annotations

import pytest

from idonethis.porting import reading
from idonethis.porting.brought import Unreadable
from idonethis.porting.tests.moves import (
    ADAS,
    MOTH,
    bring,
    table,
)

pytestmark = pytest.mark.django_db


def refused(content):
    return [tuple(each) for each in reading.read(content).refused]


BAD = {
    "ada@example.org,finished,Oiled it,2015-03-02,,": "“finished” is no status",
    "ada@example.org,done,,2015-03-02,,": "There is no text in it.",
    "ada@example.org,done,Oiled it,,,": "“” is no day",
    "ada@example.org,done,Oiled it,2015-02-30,,": "“2015-02-30” is no day",
    "ada@example.org,done,Oiled it,0001-01-01,,": "0001-01-01 is not a day of any log.",
    "ada@example.org,done,Oiled it,3/2/2015,,": "two days: write it as 2015-03-02 or 2015-02-03",
    "ada@example.org,done,Oiled it,2015-03-02,,noon": "“noon” is no day",
    f"ada@example.org,done,{'x' * 2001},2015-03-02,,": "2,001 characters",
    "ada@example.org,done,Oiled it, the mill,2015-03-02,,,,": "“the mill” is no day",
    "ada@example.org,done,Oiled it,2015-03-02,,,,extra": "more values than the header",
    ",done,Oiled it,2015-03-02,,": "“” is no mail address",
    'ada@example.org,done,"Oiled" it,2015-03-02,,': "Its quotes do not match",
}


@pytest.mark.parametrize("row", BAD)
def test_a_bad_row_is_told_with_its_line_and_why_and_the_others_go_in(team, row):
    content = table(ADAS, row, MOTH)
    ((line, why),) = refused(content)
    assert line == 3 and BAD[row] in why
    assert bring(team, content).results == {"new": 2, "refused": 1}


def test_of_a_quote_that_never_closes_it_is_told_where_it_opens():
    ((line, why),) = refused(table(ADAS, 'ada@example.org,done,"Oiled it,2015-03-02,,', MOTH[:20]))
    assert line == 3 and "never closes" in why


def test_after_a_quote_that_never_closes_it_goes_on_where_no_text_is_so_long():
    rows = ["ada@example.org,done,Turned the crank,2015-03-02,,"] * 3000
    content = table('ada@example.org,done,"Oiled it,2015-03-02,,', *rows)
    ((line, why),) = refused(content)
    last = int(why.split("up to line ")[1].split()[0])
    assert line == 2 and 2500 < last < 3000
    assert len(lines_of(content)) == 3001 + 1 - last


def test_lines_are_counted_as_an_editor_counts_them():
    assert refused(table(MOTH, "", "nonsense,done,x,2015-03-02,,"))[0][0] == 5


def lines_of(content):
    return [(row.entry.person, row.entry.body) for row in reading.read(content).rows]


@pytest.mark.parametrize(
    "content",
    [
        b"\xef\xbb\xbf" + table(ADAS),
        table(ADAS).replace(b"\n", b"\r\n"),
        b"\n\n" + table("", ADAS, "", ",,,,,"),
        table(ADAS).replace(b",", b";"),
        table(ADAS).replace(b",", b"\t"),
        table(ADAS).decode().encode("utf-16"),
        ADAS.encode(),
        table(ADAS).upper().replace(ADAS.upper().encode(), ADAS.encode()),
    ],
    ids=["mark", "crlf", "empty lines", "semicolons", "tabs", "utf-16", "no header", "capitals"],
)
def test_however_it_was_saved_it_is_the_same_row(content):
    assert lines_of(content) == [("ada@example.org", "Wrote the first program")]


def test_columns_are_found_by_their_names_in_any_order():
    content = b"body,extra,occurred_on,user_email_address\nOiled it,1,2015-03-02,ada@example.org\n"
    assert lines_of(content) == [("ada@example.org", "Oiled it")]


def test_text_that_is_no_utf_8_is_read_as_western_european_and_that_is_said():
    read = reading.read(table(ADAS.replace("program", "mémoire")).decode().encode("latin-1"))
    assert read.rows[0].entry.body == "Wrote the first mémoire"
    assert "no UTF-8" in read.notes[0]


@pytest.mark.parametrize(
    "content", [b"", b"\n\n", b"a,b,c\n1,2,3\n", b"\x00\xff" * 50, b"%PDF-1.4"]
)
def test_what_is_no_such_file_is_refused_as_a_whole(content):
    with pytest.raises(Unreadable):
        reading.read(content)


def test_a_hundred_thousand_rows_are_read():
    rows = (f"ada@example.org,done,Turned the crank {n},2015-03-02,," for n in range(100_000))
    read = reading.read(table(*rows))
    assert len({row.key for row in read.rows}) == 100_000
