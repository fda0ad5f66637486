from __future__ import annotations

import pytest

from idonethis.integrations.kits.mapped.expressions import search
from idonethis.integrations.kits.mapped.leaves import MOST, leaves

BODY = {
    "build": {"title": "Green", "is ok": True, "odd key": "x", 'a"b': 1, "ü": "y", "none": None},
    "steps": [{"name": "one"}, {"name": "two"}, {"name": "three"}, {"name": "four"}],
    "empty": "",
    "3d": 2,
}


def test_each_leads_to_where_it_stands():
    found = leaves(BODY)
    assert [leaf.value for leaf in found] == ["Green", "x", "1", "y", "one", "two", "three", "2"]
    for leaf in found:
        assert str(search(leaf.path, BODY)) == leaf.value


@pytest.mark.parametrize("body", [None, "text", 7, [], {}, {"a" * 300: "x"}])
def test_where_there_is_nothing_to_pick_there_is_nothing(body):
    assert leaves(body) == []


def test_of_a_large_body_the_first():
    assert len(leaves({f"k{n}": "x" * 1000 for n in range(1000)})) == MOST
    assert len(leaves({"k": "x" * 1000})[0].value) == 80
