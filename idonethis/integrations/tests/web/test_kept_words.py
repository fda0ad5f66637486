"""What came in is kept for a while: who asks for something older hears so, and not that it never
came."""

from __future__ import annotations

import re

import pytest

from idonethis.integrations.activity import Activity
from idonethis.integrations.filters import Filters
from idonethis.integrations.models import Receipt
from idonethis.integrations.models.replay_plan import ReplayPlan
from idonethis.integrations.models.selection import Selection
from idonethis.integrations.sight import Sight
from idonethis.integrations.tests.test_keeping import VERY_LONG_AGO, go, grow_old
from idonethis.integrations.tests.web.conftest import casts
from idonethis.integrations.why import answer, scan

pytestmark = pytest.mark.django_db

KEPT = re.compile(
    r"What comes in is kept for 90 days\. What came before \d+ \w+ \d{4} is "
    r"(gone|in the archive), unless it still waits\."
)


def shown(response):
    return re.sub(r"\s+", " ", response.content.decode())


def main_of(response):
    return shown(response).partition("<main")[2]


@pytest.fixture
def old(link):
    """A hook of which only the line is left."""
    receipt = casts(link, body="Cast a gear")
    grow_old()
    go()
    return receipt


@pytest.fixture
def gone(old):
    grow_old(by=VERY_LONG_AGO)
    go()
    assert not Receipt.objects.exists()
    return old


def test_the_activity_ends_with_what_has_become_of_the_rest(as_ada, old):
    page = shown(as_ada.get("/t/analytical-engines/activity"))
    assert KEPT.search(page)[1] == "gone"


def test_the_activity_says_nothing_of_it_while_there_is_more(link, old, ada, team):
    casts(link, key="2", body="Cast a wheel")
    casts(link, key="3", body="Cast an axle")
    sight = Sight.of(ada, team=team)
    first = Activity.of(sight, Filters(), size=1)
    assert first.older and first.facts()["kept"] is None
    last = Activity.of(sight, Filters(), before=first.older, size=1)
    assert not last.older and KEPT.fullmatch(last.facts()["kept"])


def test_nobody_hears_of_it_before_anything_has_gone(as_ada, link, ada):
    casts(link)
    assert not KEPT.search(shown(as_ada.get("/t/analytical-engines/activity")))
    assert as_ada.get("/receipts/999").status_code == 404
    assert answer("nothing like it", Sight.of(ada)).facts()["kept"] is None


def test_the_archive_is_named_where_there_is_one(as_ada, link, tmp_path):
    casts(link)
    grow_old()
    go(tmp_path)
    assert KEPT.search(shown(as_ada.get("/t/analytical-engines/activity")))[1] == "in the archive"


def test_the_page_of_a_hook_whose_request_has_gone_says_what_became_of_it(as_ada, old):
    page = shown(as_ada.get(f"/receipts/{old.pk}"))
    assert "Cast a gear" in page and KEPT.search(page) and "What came</h2>" not in page
    assert "Process it again" not in page and "next" not in page.partition("Attempts")[2][:60]


def test_the_page_of_a_hook_that_has_gone_says_so(as_ada, gone):
    response = as_ada.get(f"/receipts/{gone.pk}")
    assert response.status_code == 404 and KEPT.search(shown(response))


def test_who_may_not_see_a_hook_hears_the_same_as_of_one_that_has_gone(as_ada, as_mallory, old):
    there, not_there = (as_mallory.get(f"/receipts/{pk}") for pk in (old.pk, 999_999))
    assert there.status_code == not_there.status_code == 404
    assert main_of(there) == main_of(not_there)


def test_why_says_that_it_may_have_gone_and_not_that_it_never_came(as_ada, ada, gone):
    found = answer("Turned a wheel", Sight.of(ada))
    assert found.sentence.startswith("Nothing that you may see and that is still kept speaks of “T")
    assert KEPT.search(found.sentence) and KEPT.fullmatch(found.facts()["kept"])
    assert KEPT.search(shown(as_ada.get("/why", {"q": "Turned a wheel"})))


def test_why_says_it_beside_what_else_it_found(as_ada, gone):
    assert KEPT.search(shown(as_ada.get("/why", {"q": "Cast a gear"})))


def test_why_says_nothing_of_it_while_there_is_more_to_look_through(link, old, ada, monkeypatch):
    monkeypatch.setattr(scan, "MOST", 1)
    casts(link, key="2", body="Cast a wheel")
    casts(link, key="3", body="Cast an axle")
    found = answer("Turned a wheel", Sight.of(ada))
    assert found.scan.further and not found.kept
    assert found.sentence.startswith("Nothing came or went that you may see and that speaks of")


def test_what_a_delivery_became_is_still_known_by_its_name(ada, old):
    found = answer("delivery-1", Sight.of(ada))
    assert found.first.result == "created" and "Cast a gear" in found.sentence


def test_a_replay_says_what_it_cannot_read_again(as_ada, link, old):
    plan = ReplayPlan.of(Selection(link=link.hash_id))
    assert plan.total == 0 and KEPT.fullmatch(plan.facts()["kept"])
    page = shown(as_ada.post(f"/links/{link.hash_id}/replay", {}))
    assert KEPT.search(page) and "That cannot be read again." in page
