from __future__ import annotations

from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pytest
from django.template import engines
from django.utils import timezone

from idonethis.ui.relative import relative
from idonethis.ui.words import numbered

NOON = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)


def render(source, **context):
    return engines["django"].from_string(source).render(context)


@pytest.mark.parametrize(
    ("distance", "words"),
    [
        (timedelta(seconds=-5), "just now"),
        (timedelta(seconds=5), "in a moment"),
        (timedelta(minutes=-1), "1 minute ago"),
        (timedelta(minutes=-59, seconds=-59), "59 minutes ago"),
        (timedelta(hours=-2), "2 hours ago"),
        (timedelta(days=-1), "1 day ago"),
        (timedelta(minutes=4), "in 4 minutes"),
        (timedelta(days=6, hours=23), "in 6 days"),
    ],
)
def test_a_time_near_by_is_told_by_its_distance(distance, words):
    assert relative(NOON + distance, NOON) == words


def test_a_time_a_week_away_is_told_by_its_date():
    assert relative(datetime(2019, 3, 1, 12, tzinfo=UTC), NOON) == "1 Mar 2019"


def test_when_carries_the_exact_time_of_the_readers_zone():
    with timezone.override("Europe/Paris"):
        html = render("{% when at %}", at=datetime(2026, 11, 24, 13, 2, tzinfo=UTC))

    assert 'datetime="2026-11-24T13:02:00+00:00"' in html
    assert 'title="Tue 24 Nov 2026, 14:02 CET"' in html


def test_what_never_happened_has_no_time():
    assert render("{% when at %}{% clock at %}", at=None) == ""


@pytest.mark.parametrize(
    "source",
    [
        "{% icon evil %}",
        "{% chip evil evil symbol=evil %}",
        "{% lettermark evil evil %}",
        "{% component 'empty' title=evil %}{{ evil }}{% endcomponent %}",
        "{% component 'row' id=evil state=evil word=evil symbol=evil %}{% endcomponent %}",
        "{% component 'tile' name=evil url=evil summary=evil logo=evil %}{% endcomponent %}",
        "{% component 'note' tone=evil %}{{ evil }}{% endcomponent %}",
        "{% include 'components/copy.html' with id=evil value=evil label=evil %}",
        "{% include 'components/code.html' with id=evil value=evil title=evil %}",
        "{{ evil|linkify }}",
    ],
)
def test_tags_escape_what_they_are_given(source):
    html = render(source, evil='"><script>')

    assert "<script>" not in html
    assert '""' not in html.replace('d=""', "")


def test_a_kind_has_a_word_beside_its_mark():
    assert "Blocker" in render('{% kind "blocked" %}')


@pytest.mark.parametrize(
    ("name", "letter"), [("Slack", "S"), (" #ops", "O"), ("", "?"), ("Ω", "Ω")]
)
def test_a_lettermark_shows_the_first_letter(name, letter):
    assert f">{letter}<" in render("{% lettermark name %}", name=name)


@pytest.mark.parametrize(
    ("here", "link", "marked"),
    [
        ("/integrations", "/integrations", ' aria-current="page"'),
        ("/integrations/webhook", "/integrations", ' aria-current="true"'),
        ("/integrations-old", "/integrations", ""),
        ("/t/engines", "/", ""),
        ("/", "/", ' aria-current="page"'),
    ],
)
def test_the_link_to_where_the_reader_is_is_marked(here, link, marked):
    request = SimpleNamespace(path=here)
    assert render("{% current link %}", request=request, link=link) == marked


def test_a_component_wraps_what_stands_inside_it():
    html = render(
        "{% component 'dialog' id='ask' title='Sure?' %}<p>{{ name }}</p>{% endcomponent %}",
        name="<Ada>",
    )
    assert "<p>&lt;Ada&gt;</p></dialog>" in html
    assert '<dialog id="ask" aria-labelledby="ask-title">' in html


def test_a_component_sees_nothing_of_the_page_but_what_it_is_given():
    html = render("{% component 'note' %}x{% endcomponent %}", tone="bad")
    assert 'class="note"' in html


@pytest.mark.parametrize(
    ("count", "said"), [(0, "0 events are"), (1, "1 event is"), (2, "2 events are")]
)
def test_words_agree_with_their_number(count, said):
    assert numbered(count, "event is", "events are") == said
