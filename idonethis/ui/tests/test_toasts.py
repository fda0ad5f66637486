from __future__ import annotations

import pytest
from django.contrib.auth.models import AnonymousUser
from django.contrib.messages.storage.cookie import CookieStorage
from django.http import HttpResponse

from idonethis.ui.middleware import Toasts
from idonethis.ui.toasts import toast


@pytest.fixture
def answer(rf):
    """The body that a visitor gets: what the view answered, and the toasts after it."""

    def answered(response, *, undo="", **headers):
        def view(request):
            toast(request, "Deleted <b>it</b>.", undo=undo)
            return response

        request = rf.get("/", headers=headers)
        request.user = AnonymousUser()
        request._messages = CookieStorage(request)
        return Toasts(view)(request).content.decode()

    return answered


def test_a_piece_of_a_page_brings_its_toasts_along(answer):
    body = answer(HttpResponse("<p>row</p>"), hx_request="true")

    assert body.startswith("<p>row</p>")
    assert 'hx-swap-oob="beforeend:#toasts"' in body
    assert "Deleted &lt;b&gt;it&lt;/b&gt;." in body


def test_a_toast_offers_undo_by_post(answer):
    body = answer(HttpResponse(""), undo="/e/x/restore", hx_request="true")

    assert '<form method="post" action="/e/x/restore">' in body
    assert 'name="csrfmiddlewaretoken"' in body


def test_a_toast_without_undo_has_no_form(answer):
    assert "<form" not in answer(HttpResponse(""), hx_request="true")


@pytest.mark.parametrize(
    "response",
    [
        HttpResponse(status=204),
        HttpResponse(headers={"HX-Redirect": "/"}),
        HttpResponse("{}", content_type="application/json"),
        HttpResponse(status=500),
    ],
)
def test_an_answer_that_shows_nothing_leaves_the_toasts_for_the_next(answer, response):
    assert "toast" not in answer(response, hx_request="true")


def test_a_whole_page_shows_its_toasts_itself(answer):
    assert "toast" not in answer(HttpResponse("<html>"))
