from __future__ import annotations

import pytest
from django.core.exceptions import BadRequest
from django.http import Http404

from idonethis.ui.middleware import Sound


def viewed(request, view=lambda request: None):
    assert Sound(view).process_view(request, view, (), {}) is None
    return request


def test_a_character_that_no_database_stores_is_left_out_of_what_a_form_brings(rf):
    posted = {"body": "Wound the\0 spring", "tag": ["mill\0", "st\0ore"]}
    request = viewed(rf.post("/page", posted))

    assert request.POST["body"] == "Wound the spring"
    assert request.POST.getlist("tag") == ["mill", "store"]


def test_any_other_form_stays_as_it_came(rf):
    request = rf.post("/page", {"body": "  Wound\nthe spring 🙂 "})
    posted = request.POST

    assert viewed(request).POST is posted


def test_in_an_address_it_is_refused(rf):
    with pytest.raises(BadRequest):
        viewed(rf.get("/page?q=%00"))
    with pytest.raises(Http404):
        viewed(rf.get("/pa%00ge"))
