"""What is read from a request can be stored, whatever it holds."""

from __future__ import annotations

import pytest

from idonethis.integrations.values import Hook

FORM = {"content-type": "application/x-www-form-urlencoded"}


@pytest.mark.parametrize(
    ("body", "read"),
    [
        (rb'"cr\u0000ank"', "crank"),
        (rb'"\u0000\u0000"', ""),
        (rb'"one backslash \\u0000"', r"one backslash \u0000"),
        (rb'"a backslash, and NUL \\\u0000"', "a backslash, and NUL \\"),
        (rb'{"\u0000name": ["\u0000", 1]}', {"name": ["", 1]}),
        (rb'"\u0041"', "A"),
    ],
)
def test_what_no_database_takes_is_left_out_of_json(body, read):
    assert Hook(body).json == read
    assert Hook(body).body == body


def test_and_of_a_form():
    assert Hook(b"te%00xt=Turned%00 the crank", FORM).form == {"text": "Turned the crank"}
    assert Hook(rb'payload={"text": "%00\u0000crank"}', FORM).json == {"text": "crank"}
