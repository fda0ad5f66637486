"""One trouble is told once, is shown until it is over, and is over once."""

from __future__ import annotations

import re
import smtplib
from datetime import timedelta

import pytest
from django.core import mail
from django.utils import timezone

from idonethis.accounts.models import User
from idonethis.entries.drafts import Draft
from idonethis.entries.models import Entry
from idonethis.integrations.http import Gone, NeedsPermission, NeedsReconnect
from idonethis.integrations.models import (
    Delivery,
    Incident,
    IntegrationUser,
    Notice,
    Receipt,
    Storm,
)
from idonethis.integrations.tests.web.conftest import connect, create
from idonethis.integrations.tests.web.test_link_page import shown
from idonethis.teams.models import Membership, Team

pytestmark = pytest.mark.django_db

PAGES = ("", "/settings", "/people", "/integrations", "/unclaimed")


@pytest.fixture(autouse=True)
def babbage(team):
    """Another admin of the team, who made nothing."""
    user = User.objects.create_user("babbage@example.org", "mill", name="Charles Babbage")
    team.join(user, Membership.Role.ADMIN)
    return user


def post():
    while Notice.drain():
        pass
    return [(sent.to[0].partition("@")[0], sent.subject) for sent in mail.outbox]


def log(team, user, body="Cast a gear"):
    return Entry.objects.log(Draft(body=body), team=team, user=user)


def deliver():
    while Delivery.drain():
        pass


@pytest.fixture
def broken(link, world, team, ada):
    """The grant is revoked, and three entries wait."""
    world.revoke()
    for number in range(3):
        log(team, ada, f"Cast gear {number}")
    deliver()
    return link


TROUBLE = "Foundry needs you: connect it again"
OVER = "Foundry works again"
STORM = "Foundry needs you: say what becomes of a storm"


def test_who_made_a_link_and_who_administers_the_team_get_one_mail_each(broken, world, team, ada):
    assert sorted(post()) == [("ada", TROUBLE), ("babbage", TROUBLE)]
    log(team, ada)
    deliver()
    IntegrationUser.objects.get().refuse(NeedsReconnect("Again and again."))
    assert len(post()) == 2
    assert Incident.objects.standing().count() == 1


def test_the_mail_says_what_happened_what_waits_and_where_to_put_it_right(broken):
    post()
    sent = mail.outbox[0]
    [(html, kind)] = sent.alternatives
    assert kind == "text/html"
    for text in (sent.body, html):
        assert "Foundry no longer accepts our access (401)." in text
        assert "ada/engine" in text and "Analytical Engines" in text
        assert "3 entries wait here. Nothing is lost" in text
        assert f"http://testserver/links/{broken.hash_id}" in text
    assert "<" not in sent.body and "&" not in sent.body
    assert sent.extra_headers["Auto-Submitted"] == "auto-generated"


def test_a_mail_has_a_name_that_stays_the_same_if_it_is_sent_twice(broken):
    post()
    names = {sent.extra_headers["Message-ID"] for sent in mail.outbox}
    assert len(names) == 2
    again = {notice.message().extra_headers["Message-ID"] for notice in Notice.objects.all()}
    assert again == names


def test_the_pages_of_the_team_show_it_until_it_is_over(broken, as_ada, as_grace, world):
    for path in PAGES:
        page = shown(as_ada.get(f"/t/analytical-engines{path}"))
        assert "Foundry needs you: connect it again" in page
        assert "(nothing is lost, 3 wait)" in page
        assert f'href="/links/{broken.hash_id}">Put it right' in page
    page = shown(as_grace.get("/t/analytical-engines"))
    assert "Ask Ada Lovelace or Charles Babbage to put it right." in page
    assert "Put it right<" not in page
    connect(as_ada, world, link=broken.hash_id)
    assert "needs you" not in shown(as_ada.get("/t/analytical-engines"))


def test_nobody_else_sees_or_hears_of_it(broken, as_mallory, grace):
    assert "needs you" not in shown(as_mallory.get("/t/night-shift"))
    assert "needs you" not in shown(as_mallory.get("/integrations"))
    assert not {"grace", "mallory"} & {who for who, _ in post()}


def test_that_it_works_again_is_told_once_to_whom_the_trouble_was(broken, as_ada, world):
    post()
    connect(as_ada, world, link=broken.hash_id)
    deliver()
    assert sorted(post()[2:]) == [("ada", OVER), ("babbage", OVER)]
    text = mail.outbox[-1].body
    assert "ada/engine of Analytical Engines" in text and "Nothing was lost." in text
    assert len(post()) == 4
    assert list(world.posts.values()) == [f"Cast gear {number}" for number in range(3)]


def test_what_is_over_before_it_was_told_is_not_told(broken, as_ada, world):
    connect(as_ada, world, link=broken.hash_id)
    assert post() == []


def test_a_link_that_flaps_is_told_of_once_a_week(link, as_ada):
    for _ in range(4):
        link.troubled_by(NeedsPermission("The forge is locked."))
        post()
        link.resume()
        post()
    permission = "Foundry needs you: a permission is missing"
    told = [subject for who, subject in post() if who == "ada"]
    assert told == [permission, OVER]
    Incident.objects.update(opened_at=timezone.now() - timedelta(days=7, minutes=1))
    link.troubled_by(NeedsPermission("The forge is locked."))
    assert [subject for who, subject in post() if who == "ada"][2:] == [permission]


def test_another_trouble_of_the_same_link_is_told(link):
    link.troubled_by(NeedsPermission("The forge is locked."))
    post()
    link.resume()
    link.troubled_by(Gone("The forge is torn down."))
    assert [subject for who, subject in post() if who == "ada"][2:] == [
        "Foundry needs you: what it was linked to is gone"
    ]


def test_trouble_that_changes_its_face_is_the_same_trouble(link, as_ada):
    link.troubled_by(NeedsPermission("The forge is locked."))
    post()
    link.troubled_by(Gone("The forge is torn down."))
    assert len(post()) == 2
    page = shown(as_ada.get("/t/analytical-engines"))
    assert "what it was linked to is gone" in page and "a permission is missing" not in page


def test_an_account_that_several_links_need_is_one_incident(broken, as_ada, world, team, ada):
    connect(as_ada, world)
    create(as_ada, forge="ada/cold2")
    Team.objects.found("Difference Engines", admin=ada)
    create(as_ada, team="difference-engines")
    post()
    mail.outbox.clear()
    world.revoke()
    Incident.objects.all().delete()
    log(team, ada)
    deliver()
    assert sorted(post()) == [("ada", TROUBLE), ("babbage", TROUBLE)]
    assert mail.outbox[0].body.count("of Analytical Engines") == 2


def test_a_paused_or_removed_link_needs_nobody_any_more(link, as_ada):
    link.troubled_by(NeedsPermission("The forge is locked."))
    post()
    as_ada.post(f"/links/{link.hash_id}/pause")
    assert len(post()) == 2 and not Incident.objects.standing().exists()
    link.resume()
    link.troubled_by(Gone("The forge is torn down."))
    as_ada.post(link.delete_path)
    assert OVER not in {subject for _, subject in post()}
    assert not Incident.objects.standing().exists()


def test_a_mail_server_that_is_down_delays_the_mails_and_loses_none(broken, settings):
    settings.EMAIL_BACKEND = f"{__name__}.Down"
    Notice.drain()
    assert post() == []
    assert set(Notice.objects.values_list("state", "attempts")) == {("due", 1)}
    assert Notice.objects.filter(due_at__gt=timezone.now()).count() == 2
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    Notice.objects.update(due_at=timezone.now())
    assert len(post()) == 2


def Down(**options):
    """As Django makes a backend whose server does not answer."""
    raise smtplib.SMTPServerDisconnected("Connection unexpectedly closed")


def test_a_mail_server_that_is_away_for_a_month_is_still_tried_every_half_hour(broken, settings):
    settings.EMAIL_BACKEND = f"{__name__}.Down"
    for _ in range(40):
        Notice.objects.update(due_at=timezone.now())
        Notice.drain()
    waits = Notice.objects.values_list("state", "due_at")
    assert {state for state, _ in waits} == {"due"}
    assert all(at <= timezone.now() + timedelta(minutes=30) for _, at in waits)


def test_who_has_left_meanwhile_is_not_told(broken, team, babbage):
    team.memberships.get(user=babbage).end()
    assert post() == [("ada", TROUBLE)]


def test_the_clock_of_a_mail_is_the_readers(broken, as_ada, world, ada):
    ada.time_zone = "Asia/Kolkata"
    ada.save()
    Incident.objects.update(opened_at=timezone.now().replace(hour=1, minute=0))
    post()
    connect(as_ada, world, link=broken.hash_id)
    post()
    over = next(sent for sent in mail.outbox if sent.subject == OVER and "ada@" in sent.to[0])
    assert re.search(r"mail about it on \d+ \w+, 06:30", over.body)


@pytest.fixture
def stormy(link, settings):
    """Far more comes in by it than usual, and is held."""
    settings.STORM_LIMIT = 300
    Storm.objects.begin(link.pk, began_at=timezone.now(), first_receipt=1)
    held = {"state": "held", "outcome": "storm_held", "read_for": link.pk, "request": b"x"}
    known = {"integration_type": "foundry", "link_id": link.pk, "received_at": timezone.now()}
    for number in range(301):
        Receipt.objects.create(
            delivery_key=f"gear-{number}", due_at=timezone.now(), **held, **known
        )
    link.refresh_from_db()
    return link


def test_a_storm_is_told_once_to_who_made_the_link_and_who_administers_the_team(stormy):
    assert sorted(post()) == [("ada", STORM), ("babbage", STORM)]
    for _ in range(3):
        Storm.objects.begin(stormy.pk, began_at=timezone.now(), first_receipt=1)
    Incident.objects.watch()
    assert len(post()) == 2 and Incident.objects.count() == 1


def test_the_mail_about_a_storm_says_what_is_held_and_where_to_decide(stormy):
    post()
    sent = mail.outbox[0]
    [(html, _)] = sent.alternatives
    for text in (sent.body, html):
        assert "ada/engine" in text and "Analytical Engines" in text
        assert "More than 300 entries came within a minute" in text
        assert "nothing is lost" in text and "logged as one entry a person, or dropped" in text
        assert f"http://testserver/links/{stormy.hash_id}" in text
    assert "<" not in sent.body and "&" not in sent.body and "works again" not in sent.body


def test_the_pages_of_the_team_show_a_storm_to_who_may_decide(stormy, as_ada, as_grace, team):
    for path in PAGES:
        page = shown(as_ada.get(f"{team.get_absolute_url()}{path}"))
        assert page.count("A storm from ada/engine: 301 events since") == 1, path
        assert f'<a href="/links/{stormy.hash_id}">Say what becomes of them</a>' in page
    page = shown(as_ada.get(f"/links/{stormy.hash_id}"))
    assert page.count("A storm from") == 1 and "Say what becomes" not in page
    assert "storm" not in shown(as_grace.get(team.get_absolute_url()))


@pytest.mark.parametrize("choice", ["log", "fold", "drop"])
def test_what_is_decided_is_over_and_no_mail_says_so(stormy, as_ada, team, choice):
    post()
    as_ada.post(f"/links/{stormy.hash_id}/storm", {"choice": choice})
    assert not Incident.objects.standing().exists() and len(post()) == 2
    assert "Say what becomes" not in shown(as_ada.get(team.get_absolute_url()))


def test_a_storm_that_is_decided_before_it_was_told_is_not_told(stormy, as_ada):
    as_ada.post(f"/links/{stormy.hash_id}/storm", {"choice": "drop"})
    assert post() == []


def test_the_next_storm_is_told_again_since_somebody_has_to_decide_again(stormy, as_ada):
    post()
    as_ada.post(f"/links/{stormy.hash_id}/storm", {"choice": "drop"})
    Storm.objects.begin(stormy.pk, began_at=timezone.now(), first_receipt=1)
    assert len(post()) == 4


def test_a_storm_and_a_trouble_of_the_same_link_are_two(stormy):
    stormy.troubled_by(NeedsPermission("The forge is locked."))
    permission = "Foundry needs you: a permission is missing"
    assert sorted(subject for who, subject in post() if who == "ada") == [permission, STORM]
    stormy.resume()
    assert Incident.objects.standing().get().storm.link == stormy


def test_a_storm_and_a_dead_grant_do_not_hide_each_other(link, as_ada, world, team, ada):
    Storm.objects.begin(link.pk, began_at=timezone.now(), first_receipt=1)
    world.revoke()
    log(team, ada)
    deliver()
    link.refresh_from_db()
    assert (link.state, Delivery.objects.get().state) == ("needs_reconnect", "held")
    assert {subject for _, subject in post()} == {STORM, TROUBLE}
    assert Storm.objects.holding().exists()
    connect(as_ada, world)
    deliver()
    link.refresh_from_db()
    assert link.is_in_storm and list(world.posts.values()) == ["Cast a gear"]
    assert Storm.objects.get().decide("log", by=ada, events=0, last_receipt=0)
    link.refresh_from_db()
    assert link.state == "active"


def test_the_end_of_a_storm_does_not_end_a_trouble(link, world, ada):
    Storm.objects.begin(link.pk, began_at=timezone.now(), first_receipt=1)
    link.refresh_from_db()
    link.troubled_by(NeedsPermission("Not yours."))
    Storm.objects.get().decide("drop", by=ada, events=0, last_receipt=0)
    link.refresh_from_db()
    assert (link.state, link.trouble) == ("needs_permission", "Not yours.")
