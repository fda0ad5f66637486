from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from idonethis.entries.models import Entry
from idonethis.integrations import polling
from idonethis.integrations.base import Never
from idonethis.integrations.models import IntegrationLink, Receipt
from idonethis.partners.feed.items import Items
from idonethis.simulators import visitor
from idonethis.simulators.chat.site import Site
from idonethis.simulators.running import running

pytestmark = pytest.mark.django_db


@pytest.fixture
def site():
    with running(Site()) as url:
        visitor.act(url, "publish", title="An old post")
        yield url


@pytest.fixture
def window(client, ada, team):
    client.force_login(ada)
    return client


def made(window, team, url):
    form = {"team": team.slug, "url": url, "how": "log", "who": "everybody", "name": "Blog"}
    return window.post("/integrations/feed/link", form)


@pytest.fixture(params=["atom.xml", "rss.xml"])
def link(request, site, window, team):
    answer = made(window, team, f"{site}/{request.param}")
    assert answer.status_code == 302, answer.content.decode()
    return IntegrationLink.objects.get()


@pytest.fixture
def look(link):
    """Asks as if its time had come; returns what stands in the log by then."""

    def look():
        IntegrationLink.objects.update(poll_at=timezone.now())
        while polling.drain() or Receipt.drain():
            pass
        return list(Entry.objects.order_by("pk").values_list("body", flat=True))

    return look


def calls(site):
    return [each for each in visitor.read(site, "journal")["calls"] if "xml" in each["path"]]


def test_what_stood_there_before_is_no_news_and_what_comes_later_is(site, link, look, ada):
    assert look() == []
    visitor.act(site, "publish", title="How we cast wheel 7")
    visitor.act(site, "publish", title="The mill is oiled")
    assert look() == ["How we cast wheel 7", "The mill is oiled"]
    entry = Entry.objects.first()
    assert (entry.user, str(entry.occurred_on)) == (ada, "2026-11-23")
    assert entry.url == "https://engines.example.org/1002"


def test_the_same_again_makes_nothing_twice_and_is_not_even_sent(site, link, look):
    look()
    visitor.act(site, "publish", title="How we cast wheel 7")
    assert look() == look() == ["How we cast wheel 7"]
    assert calls(site)[-1]["status"] == 304
    assert Receipt.objects.count() == 1


def test_who_names_an_author_waits_until_the_team_knows_them(site, window, team, ada):
    made(window, team, f"{site}/atom.xml")
    polling.drain()
    visitor.act(site, "publish", title="How we cast wheel 7|Grace Hopper")
    IntegrationLink.objects.update(poll_at=timezone.now())
    while polling.drain() or Receipt.drain():
        pass
    assert Receipt.objects.get().outcome == "no_person"
    page = window.get(f"/t/{team.slug}/unclaimed").content.decode()
    assert "Grace Hopper" in page


def test_it_is_asked_once_a_quarter_of_an_hour(site, link, look):
    look()
    link.refresh_from_db()
    wait = link.poll_at - timezone.now()
    assert timedelta(minutes=13) < wait < timedelta(minutes=17)
    assert polling.drain() == 0


def test_a_server_in_trouble_is_asked_less_often_and_nothing_is_lost(site, link, look):
    look()
    visitor.act(site, "faults", fault="500", times=0)
    visitor.act(site, "publish", title="How we cast wheel 7")
    waits = []
    for _ in range(8):
        look()
        link.refresh_from_db()
        waits.append(link.poll_at - timezone.now())
    assert waits[0] < timedelta(minutes=17) < timedelta(hours=3) < waits[5]
    assert waits[-1] < timedelta(hours=7)
    visitor.act(site, "faults/clear")
    assert look() == ["How we cast wheel 7"]


def test_what_it_asks_for_is_obeyed(site, link, look):
    visitor.act(site, "faults", fault="429", retry_after=7200, times=1)
    look()
    link.refresh_from_db()
    assert link.poll_at - timezone.now() > timedelta(minutes=100)


def test_a_feed_that_is_gone_shows_and_comes_back_by_itself(site, link, look):
    look()
    visitor.act(site, "faults", fault="revoked", times=0)
    look()
    link.refresh_from_db()
    assert link.state == "target_gone" and link.trouble
    visitor.act(site, "faults/clear")
    visitor.act(site, "publish", title="How we cast wheel 7")
    assert look() == ["How we cast wheel 7"]
    link.refresh_from_db()
    assert link.state == "active"


def test_a_feed_that_is_public_no_longer_says_what_to_do_and_comes_back_by_itself(site, link, look):
    look()
    visitor.act(site, "faults", fault="expired", times=0)
    look()
    link.refresh_from_db()
    assert link.state == "needs_permission"
    assert link.trouble.startswith("The feed is not public (any more) (403). Make it public there")
    visitor.act(site, "faults/clear")
    look()
    link.refresh_from_db()
    assert link.state == "active"


def test_a_paused_link_asks_nobody(site, link, look):
    link.pause()
    before = len(calls(site))
    look()
    assert len(calls(site)) == before


@pytest.mark.parametrize(
    ("path", "said"),
    [
        ("page.html", "no RSS or Atom feed"),
        ("moved.xml", "/atom.xml"),
        ("nowhere.xml", "does not know this"),
    ],
)
def test_what_is_no_feed_is_not_linked_and_says_why(site, window, team, path, said):
    answer = made(window, team, f"{site}/{path}")
    assert answer.status_code == 422
    page = answer.content.decode()
    assert said in page and "Nothing was linked." in page
    assert not IntegrationLink.objects.exists()


def test_without_an_address_there_is_nothing_to_link(window, team):
    assert "Type the address of the feed." in made(window, team, "").content.decode()


BOMB = b"""<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa">%s]><rss version="2.0"><channel><item>
<title>&z;</title></item></channel></rss>""" % b"".join(
    b'<!ENTITY %c "%s">' % (98 + n, b"&%c;" % (97 + n) * 10) for n in range(25)
)
FILE = b"""<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><rss version="2.0"><channel>
<item><title>&e;</title><guid>1</guid></item></channel></rss>"""


@pytest.mark.parametrize("body", [b"", b"{}", b"\xff\xfe", b"<rss", b"<" * 100_000, BOMB, FILE])
def test_hostile_feeds_read_no_file_and_fill_no_memory(body):
    try:
        items = Items.of(body).items
    except Never:
        items = ()
    assert "root:" not in repr(items) and len(repr(items)) < 10_000
