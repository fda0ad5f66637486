"""Replies as mail programs write them, and what of each somebody wrote themselves."""

from __future__ import annotations

from pathlib import Path

import pytest

from idonethis.entries.text import parse
from idonethis.integrations.mails.reading import parsed
from idonethis.partners.mail.body import attachments, words

CORPUS = Path(__file__).parent / "corpus"
LONG = "Oiled the mill of the difference engine and cleaned all of its four hundred gears"
WRITTEN = {
    "apple_mail": [
        "Oiled the mill – all of it, and then the other one as well, which took until five",
        "Cast a gear",
    ],
    "attachment": ["Oiled the mill"],
    "base64": ["Walzen geölt ✓", "blocked: Kein Dampf #öl"],
    "between_the_lines": ["Oiled the mill", "goal: Cast a gear"],
    "bullets": ["Oiled the mill", "goal: Cast a gear", "blocked: No steam", "Fed the cat"],
    "farewell": ["Oiled the mill", "Thanks for the reminder to the smiths"],
    "flowed_delsp": ["歯車を磨いて、油を差した"],
    "gmail_french": ["Huilé le moulin"],
    "gmail_german": ["Walzen geölt", "blocked: Kein Dampf"],
    "gmail_japanese": ["歯車を磨いた", "goal: 注釈を書く"],
    "gmail_plain": ["Oiled the mill"],
    "gmail_spanish": ["Engrasé el molino"],
    "gmail_web": [f"{LONG} #maintenance", "goal: Write note G"],
    "html_only": ["Oiled the mill", "goal: Write & print note G", "blocked: No steam"],
    "iphone": ["Oiled the mill"],
    "iphone_german": ["Walzen geölt"],
    "iphone_japanese": ["歯車を磨いた"],
    "latin_1": ["Räder geölt", "Café gekocht"],
    "latin_1_says_utf_8": ["Räder geölt"],
    "new_mail": ["Oiled the mill"],
    "nothing_but_quotes": [],
    "outlook_desktop": ["Oiled the mill", "Cast a gear"],
    "outlook_french": ["Huilé le moulin"],
    "outlook_german": ["Walzen geölt"],
    "outlook_mobile": ["Oiled the mill"],
    "outlook_web": ["Oiled the mill", "blocked: No steam"],
    "quoted_printable_cp1252": ["Oiled “the mill” – twice, and slowly"],
    "signature_without_space": ["Oiled the mill"],
    "thunderbird_bottom": ["Oiled the mill", "Cast a gear"],
    "thunderbird_flowed": [LONG, "goal: Write note G"],
    "unknown_charset": ["Räder geölt"],
    "winmail": ["Oiled the mill"],
}


def mail(name):
    return parsed((CORPUS / f"{name}.eml").read_bytes())


def test_each_of_them_is_looked_at():
    assert sorted(WRITTEN) == sorted(path.stem for path in CORPUS.glob("*.eml"))


@pytest.mark.parametrize("name", sorted(WRITTEN))
def test_what_somebody_wrote_is_what_is_left(name):
    lines = parse(words(mail(name)))
    told = [line.body if line.kind == "done" else f"{line.kind}: {line.body}" for line in lines]
    assert told == WRITTEN[name]


def test_what_is_attached_is_counted_and_left_out():
    counted = {name: attachments(mail(name)) for name in WRITTEN}
    assert {name: count for name, count in counted.items() if count} == {
        "attachment": 2,
        "winmail": 1,
    }


@pytest.mark.parametrize(
    "line",
    [
        "On Monday we wrote the notes: all of them",
        "Wrote to ada@example.org",
        "From: here on it works",
        "Sent the notes to Grace",
        "Fixed the -- flag",
        "Met Ada at 10:30",
    ],
)
def test_lines_that_only_look_like_those_of_a_mail_program_stay(line):
    raw = f"From: ada@example.org\n\nFirst\n{line}\nLast\n".encode()
    assert [each.body for each in parse(words(parsed(raw)))] == ["First", line, "Last"]


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"\xff\xfe\x00",
        b"Content-Type: multipart/mixed\n\nno boundary",
        b"Content-Type: text/plain; charset*0*=x''%\n\nx",
        b"From: =?x?q?=?= <\nSubject: =?utf-8?b?!!!?=\n\nx",
        b"Content-Type: multipart/mixed; boundary=a\n\n" + b"--a\n\nx\n" * 5000,
        b"Content-Transfer-Encoding: base64\n\n%%%%",
        b"\n" + b"> " * 100_000,
        b"\n" + b"On 1 wrote\n" * 20_000,
        b"Content-Type: text/html\n\n" + b"<div><blockquote>" * 20_000,
    ],
)
def test_nothing_that_comes_breaks_it(raw):
    words(parsed(raw))
    attachments(parsed(raw))
