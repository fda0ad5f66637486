"""However much there is of everything: each page, and all that goes on by itself, asks as often and
looks at as much as before."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import NamedTuple

import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone

from idonethis.feeds.contents import Contents
from idonethis.integrations import registry
from idonethis.integrations.keeping import walk as walk_of_keeping
from idonethis.integrations.keeping.keeping import Keeping
from idonethis.integrations.keeping.window import Window
from idonethis.integrations.models import Receipt, RegisteredHook, sweeping
from idonethis.integrations.models.bare import BareLine
from idonethis.integrations.models.bursts import made_by
from idonethis.integrations.models.claiming import waiting_for
from idonethis.integrations.models.expanding import LEASE
from idonethis.integrations.models.gaps import came
from idonethis.integrations.models.measures import GAUGES
from idonethis.integrations.models.rounds import Rounds
from idonethis.integrations.tests.acme import Acme
from idonethis.server import WORKING
from tests.attacks.conftest import undone
from tests.attacks.routes import ROUTES
from tests.growth.crowd import Crowd, analyzed
from tests.growth.pages import PAGES, TEAM, WITHOUT_LISTS, Page
from tests.growth.watching import Seen, watched

pytestmark = pytest.mark.django_db

#: How many entries, receipts and deliveries there are of each team and link, first and then.
FEW, MANY = 300, 1200
#: What is looked at may be a little more: a tree is higher.
LEEWAY, BY_CHANCE = 1.3, 1500

#: All that the server does by itself, by the names of its lanes, and what else is often done.
WORK: dict[str, Callable[[Crowd], object]] = {
    **{lane.name: lambda crowd, drain=drain: drain() for lane, drain in WORKING},
    "asking for the rest": lambda crowd: BareLine("acme").claim(lease=LEASE),
    "counting a burst": lambda crowd: made_by(crowd.link.pk, Receipt.objects.all(), most=100),
    "what came of a webhook": lambda crowd: list(came(RegisteredHook.objects.get(), ["old-1"])),
    "gauges": lambda crowd: [gauge.ask() for gauge in GAUGES],
    "what waits for somebody": lambda crowd: list(waiting_for("u1", "acme", team=crowd.team)),
    "letting go": lambda crowd: Keeping().turn(Window(timezone.now())),
    "taking over": lambda crowd: sweeping.take_over(),
    "reading feeds": lambda crowd: [Contents.of(each, most=50) for each in crowd.feeds],
}


class Walked(NamedTuple):
    """What each page and each piece of work asked, with little there and with much."""

    few: dict[str, Seen]
    many: dict[str, Seen]


@pytest.fixture(scope="module")
def walked(django_db_setup, django_db_blocker) -> Iterator[Walked]:
    with django_db_blocker.unblock(), pytest.MonkeyPatch.context() as patch, undone():
        partners = {"acme": Acme()}
        patch.setattr(settings, "PACED", True)
        patch.setattr(registry, "integrations", lambda: partners)
        # Few, as those are of all that there may be.
        patch.setattr(sweeping, "BEHIND", Rounds(portion=50))
        patch.setattr(walk_of_keeping, "PORTION", 50)
        crowd = Crowd()
        browser = Client()
        browser.force_login(crowd.ada)
        for size in (FEW // 2, FEW):
            crowd.grow(size)
        analyzed("postgresql")
        walk(crowd, browser)  # what is remembered from the first time on is remembered by now
        few = walk(crowd, browser)
        crowd.grow(MANY)
        analyzed("postgresql", "sqlite")
        yield Walked(few, walk(crowd, browser))


def walk(crowd: Crowd, browser: Client) -> dict[str, Seen]:
    pages = {str(page): _seen_on(page, crowd, browser) for page in PAGES}
    return pages | {name: _seen_at(work, crowd) for name, work in WORK.items()}


def _seen_on(page: Page, crowd: Crowd, browser: Client) -> Seen:
    with watched() as asked:
        status = page.visit(browser, crowd)
    assert status in (200, 204), f"{page}: {status}"
    return Seen.of(asked)


def _seen_at(work: Callable[[Crowd], object], crowd: Crowd) -> Seen:
    with undone():
        with watched() as asked:
            work(crowd)
        return Seen.of(asked)


EVERYTHING = [*map(str, PAGES), *WORK]
#: What is about one person at a partner.
OF_ONE = (f"{TEAM}/unclaimed/matched/<int:account>", "what waits for somebody")
LOOKING_THROUGH = {str(page) for page in PAGES if page.looks_through}


@pytest.mark.parametrize("shown", PAGES, ids=str)
def test_a_page_asks_so_often_and_not_more_often_the_more_there_is(walked, shown):
    few, many = walked.few[str(shown)].count, walked.many[str(shown)].count
    assert many <= shown.budget and (many <= few or shown.looks_through)


@pytest.mark.parametrize("name", WORK)
def test_work_asks_as_often_however_much_is_done_with(walked, name):
    assert walked.many[name].count == walked.few[name].count


@pytest.mark.parametrize("name", EVERYTHING)
def test_nothing_reads_all_of_a_table_that_grows_or_sorts_it(walked, name):
    seen = walked.few[name], walked.many[name]
    found = [fault for each in seen for plan in each.plans for fault in plan.scans]
    if name not in LOOKING_THROUGH:
        found += [fault for each in seen for plan in each.plans for fault in plan.sortings]
    assert "\n".join(found) == ""


@pytest.mark.parametrize("name", EVERYTHING)
def test_nothing_looks_at_more_the_more_there_is(walked, name):
    few, many = walked.few[name].effort, walked.many[name].effort
    assert name in LOOKING_THROUGH or many <= few * LEEWAY + BY_CHANCE


@pytest.mark.parametrize("size", Walked._fields)
@pytest.mark.parametrize("name", OF_ONE)
def test_of_one_person_at_a_partner_only_what_they_did_is_looked_at(walked, name, size):
    """SQLite is never told how much there is, and must not take another way for that."""
    plans = getattr(walked, size)[name].plans
    reads = [read for plan in plans for read in plan.reads]
    of_receipts = [read for read in reads if read.table == "integrations_receipt"]
    assert of_receipts and [read.told for read in of_receipts if not read.is_bounded] == []


def test_every_page_stands_here():
    shown = {path for path, each in ROUTES.items() if "200" in each.answers.get("GET", "").split()}
    known = {page.route for page in PAGES} | WITHOUT_LISTS
    assert {path for path in shown if not path.startswith("accounts/")} - known == set()
