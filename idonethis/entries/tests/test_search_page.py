"""The page on which somebody looks for an entry."""

from __future__ import annotations

from datetime import date

import pytest

from idonethis.entries.drafts import Draft, Origin
from idonethis.entries.models import Entry
from idonethis.entries.search import Asked
from idonethis.entries.search.marked import marked
from idonethis.teams.models import Team

pytestmark = pytest.mark.django_db


@pytest.fixture
def as_ada(client, ada):
    client.force_login(ada)
    return client


def log(body, team, user, **more) -> Entry:
    return Entry.objects.log(Draft(body=body), team=team, user=user, **more)


def bodies(response) -> list[str]:
    assert response.status_code == 200
    return [hit.entry.body for hit in response.context["search"].hits]


def test_it_shows_what_says_it_of_all_my_teams_and_of_no_other(as_ada, ada, team, mallory):
    log("Bound the queue", team, ada)
    log("Thought of a queue", Team.objects.personal(ada), ada)
    log("Stole a queue", Team.objects.found("Night", admin=mallory), mallory)
    assert bodies(as_ada.get("/search?q=queue")) == ["Thought of a queue", "Bound the queue"]
    assert bodies(as_ada.get(f"/search?q=queue&team={team.slug}")) == ["Bound the queue"]


def test_a_team_that_is_not_mine_is_not_there(as_ada, mallory):
    night = Team.objects.found("Night", admin=mallory)
    assert as_ada.get(f"/search?q=queue&team={night.slug}").status_code == 404


def test_somebody_of_another_team_is_nobody_here(as_ada, ada, team, mallory):
    night = Team.objects.found("Night", admin=mallory)
    log("Stole a queue", night, mallory)
    log("Bound the queue", team, ada)
    assert bodies(as_ada.get(f"/search?q=queue&person={mallory.hash_id}")) == []
    assert bodies(as_ada.get("/search?q=queue&person=nobody")) == []


def test_who_has_left_a_team_finds_nothing_of_it(as_ada, ada, team, grace):
    log("Bound the queue", team, grace)
    team.memberships.filter(user=grace).update(role="admin")
    team.memberships.get(user=ada).end()
    assert bodies(as_ada.get("/search?q=queue")) == []


def test_every_filter_narrows_it(as_ada, ada, team, grace):
    typed = log("Bound the queue", team, ada)
    github = log("Merged the queue", team, grace, origin=Origin("github"))
    Entry.objects.filter(pk=typed.pk).update(occurred_on=date(2026, 3, 4), kind="goal")
    of = f"/search?q=queue&team={team.slug}"
    assert bodies(as_ada.get(f"{of}&person={grace.hash_id}")) == [github.body]
    assert bodies(as_ada.get(f"{of}&kind=goal")) == [typed.body]
    assert bodies(as_ada.get(f"{of}&source=github")) == [github.body]
    assert bodies(as_ada.get(f"{of}&from=2026-03-04&to=2026-03-04")) == [typed.body]
    assert len(bodies(as_ada.get(f"{of}&from=nonsense&to=2026-99-99&kind=&source="))) == 2


def test_page_after_page_keeps_what_was_asked(as_ada, ada, team):
    for number in range(120):
        log(f"Cast gear {number}", team, ada)
    seen, address = [], "/search?q=gear&kind=done"
    for _ in range(9):
        page = as_ada.get(address)
        seen += bodies(page)
        if not page.context["search"].older:
            break
        address = f"/search?{page.context['search'].older_query}"
        assert "kind=done" in address and "q=gear" in address
    assert seen == [f"Cast gear {number}" for number in reversed(range(120))]


def test_the_next_page_comes_without_what_stands_around_it(as_ada, ada, team):
    log("Cast a gear", team, ada)
    page = as_ada.get("/search?q=gear", headers={"HX-Request": "true"}).content.decode()
    assert "<mark>gear</mark>" in page and "<html" not in page


@pytest.mark.parametrize(
    "text",
    ['"', "a* OR b", "body:x", "\0", "%00", "(((((", "x" * 10_000, "NEAR(", "🎉", "' --", "\ud83d"],
)
def test_whatever_is_typed_is_answered(as_ada, ada, team, text):
    log("Cast a gear", team, ada)
    for field in ("q", "person", "kind", "source", "from", "to", "before"):
        found = as_ada.get("/search", {"q": "gear", field: text.encode(errors="replace")})
        assert found.status_code == (400 if "\0" in text else 200)
    assert as_ada.get("/search", {"team": "x" * 10_000}).status_code == 404


def test_states_say_what_to_do(as_ada):
    def says(address):
        return as_ada.get(address).content.decode()

    assert "What are you looking for?" in says("/search")
    assert "nothing to look for in that" in says("/search?q=-")
    assert "Nothing matches" in says("/search?q=gear") and "/why?q=gear" in says("/search?q=gear")
    assert "Search everywhere" in says("/search?q=gear&kind=goal")


def test_who_asks_without_end_has_to_wait(as_ada, settings):
    settings.ACCOUNT_RATE_LIMITS = {"ask": "2/m/user"}
    assert [as_ada.get("/search?q=x").status_code for _ in range(3)] == [200, 200, 429]


def test_the_log_has_a_box_for_it_at_a_key(as_ada, team):
    page = as_ada.get(team.get_absolute_url()).content.decode()
    assert 'data-hotkey="/"' in page and f'name="team" value="{team.slug}"' in page


@pytest.mark.parametrize(
    ("asked", "body", "shown"),
    [
        ("gear", "Cast gears <b>", "Cast <mark>gears</mark> &lt;b&gt;"),
        ('"a gear"', "Cast a  gear", "Cast <mark>a  gear</mark>"),
        ('"gear"', "gears gear", "gears <mark>gear</mark>"),
        ("creme", "Crème cre\u0300me", "<mark>Crème</mark> <mark>cre\u0300me</mark>"),
        ("script b", "<script>b</script>", None),
        ('"a b"', "a <!>b", "<mark>a &lt;!&gt;b</mark>"),
        ("#gears", "gears #gears", "gears<mark> #gears</mark>"),
        ("#12", "(#12)", "(<mark>#12</mark>)"),
        ("東京", "西東京<", "西<mark>東京</mark>&lt;"),
        ("-gear cast", "Cast a gear", "<mark>Cast</mark> a gear"),
        ("amp", "a & amp", "a &amp; <mark>amp</mark>"),
        ("parse_hook", "parse_hook()", "<mark>parse_hook</mark>()"),
    ],
)
def test_what_was_looked_for_is_marked_and_nothing_else_is_markup(asked, body, shown):
    expected = shown or "&lt;<mark>script</mark>&gt;<mark>b</mark>&lt;/<mark>script</mark>&gt;"
    assert marked(body, Asked.of(asked)) == expected
