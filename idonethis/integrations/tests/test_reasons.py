from __future__ import annotations

import pytest

from idonethis.integrations.fixes import Fix
from idonethis.integrations.reasons import (
    DELIVERIES,
    ENDINGS,
    OTHER,
    REFUSALS,
    UNREAD,
    ending,
)
from idonethis.integrations.remedies import WAYS_OUT
from idonethis.integrations.values import Reason

ALL = [*ENDINGS.items(), *REFUSALS.items(), *UNREAD.items(), *DELIVERIES.items()]


def test_every_reason_has_its_words():
    assert set(Reason) - {Reason.ANEW} == set(ENDINGS) | set(REFUSALS)


@pytest.mark.parametrize(("code", "told"), ALL)
def test_its_words_are_fit_for_people(code, told):
    assert told.word[0].isupper() and len(told.word) <= 20
    assert told.tone in ("", "ok", "bad", "wait")
    assert told.sentence.endswith(".")


@pytest.mark.parametrize("fix", Fix)
def test_a_fix_says_what_to_do_and_with_whom(fix):
    said = fix.advice_on("Acme")
    assert said[-1] in ".?" and "{" not in said
    assert fix in {told.fix for _, told in ALL} | {*WAYS_OUT.values(), Fix.PUT_RIGHT}


def test_what_nobody_knows_any_more_has_words_too():
    assert ending("from a version before") == OTHER
    assert ending("waiting").word == "Waiting"
