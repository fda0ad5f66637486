from __future__ import annotations

import pytest
from django.template import Context, engines

PAGES = ["400.html", "403.html", "403_csrf.html", "404.html", "413.html", "429.html", "500.html"]


def render(name, **context):
    return engines["django"].engine.get_template(name).render(Context(context))


@pytest.mark.parametrize("name", PAGES)
def test_an_error_page_needs_neither_a_request_nor_a_database(name):
    html = render(name)

    assert "<h1>" in html
    assert 'href="/"' in html


def test_a_server_error_page_runs_no_script_and_tells_its_number():
    assert "<script" not in render("500.html")
    assert "8f3a" in render("500.html", request_id="8f3a")
