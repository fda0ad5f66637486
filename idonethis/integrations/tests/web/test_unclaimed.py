"""People at partners whom nobody here knows yet: what they did waits, and keeps its day."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.core import signing
from django.utils import timezone

from idonethis.audit.models import AuditRecord
from idonethis.entries.drafts import Actor
from idonethis.entries.models import Entry
from idonethis.integrations.models import IntegrationUser, Proving, Receipt, UnclaimedPerson
from idonethis.integrations.models.claiming import believe
from idonethis.integrations.models.sweeping import sweep
from idonethis.integrations.tests.web.conftest import casts, connect, work
from idonethis.teams.models import Membership, Team

pytestmark = pytest.mark.django_db

PAGE = "/t/analytical-engines/unclaimed"


def shown(response):
    return re.sub(r"\s+", " ", response.content.decode())


@pytest.fixture
def stoker(link):
    """Somebody who cast two things two days ago, and whom nobody knows."""
    casts(link, "4711", key="1", body="Cast a gear", login="grace")
    casts(link, "4711", key="2", body="Cast a cam", login="grace")
    Receipt.objects.update(received_at=timezone.now() - timedelta(days=2))
    return UnclaimedPerson.objects.get()


def press(browser, person, button, **content):
    return browser.post(f"{PAGE}/{person.pk}/{button}", content, follow=True)


def logged():
    work()
    return sorted((entry.user.nickname, entry.body) for entry in Entry.objects.all())


TWO_DAYS_AGO = timezone.localdate() - timedelta(days=2)


def test_the_page_says_who_and_how_much_waits(as_ada, stoker):
    page = shown(as_ada.get(PAGE))
    assert "grace" in page and "Foundry" in page
    assert f'<span class="num">2</span> events wait, the oldest of {TWO_DAYS_AGO:%-d %b}' in page
    assert "Perhaps: <strong>Grace Hopper</strong>" in page
    assert "(the login is their nickname)" in page
    assert "It is Grace, log 2</button>" in page


def test_without_strangers_the_page_says_so(as_ada, link):
    assert "Everybody is known" in shown(as_ada.get(PAGE))


def test_this_is_me(as_grace, stoker, grace, team):
    response = press(as_grace, stoker, "claim")
    assert "2 events are being logged, each on its day." in shown(response)
    assert logged() == [("grace", "Cast a cam"), ("grace", "Cast a gear")]
    assert {entry.occurred_on for entry in Entry.objects.all()} == {TWO_DAYS_AGO}
    known = IntegrationUser.objects.get(uid="4711")
    assert (known.user, known.team, known.evidence) == (grace, team, "claimed")
    assert not UnclaimedPerson.objects.exists()


def test_an_admin_says_who_it_is(as_ada, stoker, grace):
    press(as_ada, stoker, "assign", user=grace.hash_id)
    assert len(logged()) == 2
    assert IntegrationUser.objects.get(uid="4711").evidence == "assigned"
    assert "Matched in this team" in shown(as_ada.get(PAGE))


def test_a_member_does_not_say_who_others_are(as_grace, stoker, ada):
    assert press(as_grace, stoker, "assign", user=ada.hash_id).status_code == 403
    assert press(as_grace, stoker, "ignore").status_code == 403
    assert UnclaimedPerson.objects.get().ignored is False


def test_nobody_outside_the_team_is_said_to_be_it(as_ada, stoker, mallory):
    assert press(as_ada, stoker, "assign", user=mallory.hash_id).status_code == 404
    assert logged() == []


def test_an_observer_claims_nothing(as_grace, stoker, team):
    team.memberships.filter(user__nickname="grace").update(role=Membership.Role.OBSERVER)
    assert "This is me" not in shown(as_grace.get(PAGE))
    assert press(as_grace, stoker, "claim").status_code == 403


def test_an_outsider_sees_and_claims_nothing(as_mallory, stoker):
    assert as_mallory.get(PAGE).status_code == 404
    assert press(as_mallory, stoker, "claim").status_code == 404
    assert as_mallory.post(f"/t/night-shift/unclaimed/{stoker.pk}/claim").status_code == 404
    assert logged() == []


def test_what_else_it_would_change_is_shown_before_anything_is(as_ada, stoker, grace):
    page = shown(press(as_ada, stoker, "preview", user=grace.hash_id))
    assert '<span class="num">2</span> events would be read again, each on its day.' in page
    assert '<strong class="num">2</strong> entries made' in page
    assert "Cast a gear" in page and f"{TWO_DAYS_AGO:%A %-d %B %Y}" in page
    assert f"{PAGE}/{stoker.pk}/assign" in page
    assert not IntegrationUser.objects.filter(uid="4711").exists()
    assert not AuditRecord.objects.filter(action="identity.assigned").exists()
    assert logged() == []


def test_choosing_somebody_shows_it_on_the_same_page(as_ada, stoker, grace):
    here = f"{PAGE}/{stoker.pk}/preview"
    assert f'hx-post="{here}"' in shown(as_ada.get(PAGE))
    piece = {"headers": {"HX-Request": "true"}}
    said = shown(as_ada.post(here, {"user": grace.hash_id}, **piece))
    assert "Cast a cam" in said and "<h1>" not in said
    assert as_ada.post(here, {"user": ""}, **piece).content == b""


def test_a_preview_tells_who_would_not_be_logged(as_ada, stoker, link, ada):
    link.pause()
    page = shown(press(as_ada, stoker, "preview", user=ada.hash_id))
    assert '<strong class="num">2</strong> things make no entry' in page
    assert "entries made" not in page


def test_a_member_looks_ahead_for_themselves_alone(as_grace, stoker, ada, grace):
    page = shown(press(as_grace, stoker, "preview", user=grace.hash_id))
    assert "entries made" in page and f"{PAGE}/{stoker.pk}/claim" in page
    assert press(as_grace, stoker, "preview", user=ada.hash_id).status_code == 403


def test_an_observer_and_an_outsider_look_at_nothing_ahead(
    as_grace, as_mallory, stoker, grace, mallory, team
):
    team.memberships.filter(user=grace).update(role=Membership.Role.OBSERVER)
    assert press(as_grace, stoker, "preview", user=grace.hash_id).status_code == 404
    for user in (grace, mallory):
        assert press(as_mallory, stoker, "preview", user=user.hash_id).status_code == 404


def test_who_came_with_a_question_goes_back_to_it(as_ada, stoker, grace):
    page = shown(as_ada.get(PAGE, {"q": "Cast a gear"}))
    assert 'name="q" value="Cast a gear"' in page
    page = press(as_ada, stoker, "assign", user=grace.hash_id, q="Cast a gear")
    assert page.redirect_chain == [("/why?q=Cast+a+gear&team=analytical-engines", 302)]


def test_who_is_ignored_can_be_listed_again(as_ada, stoker):
    page = shown(press(as_ada, stoker, "ignore"))
    assert "is ignored" in page and f"{PAGE}/{stoker.pk}/heed" in page
    assert "This is me" not in page
    assert "This is me" in shown(press(as_ada, stoker, "heed"))


def test_bots_are_ignored_in_one_press_and_people_are_not(as_ada, stoker, link):
    for key, login in enumerate(("renovate[bot]", "deploy-bot", "Bot", "abbott", "robotham"), 3):
        casts(link, f"b{key}", key=str(key), login=login)
    page = shown(as_ada.get(PAGE))
    assert "3 of them look like bots: Bot, deploy-bot, renovate[bot]." in page
    page = shown(as_ada.post(f"{PAGE}/ignore-bots", follow=True))
    assert "3 bots are ignored." in page and "look like" not in page
    names = UnclaimedPerson.objects.open().values_list("login", flat=True)
    assert set(names) == {"grace", "abbott", "robotham"}


def test_a_program_that_says_so_is_a_bot_whatever_it_is_called(stoker):
    stoker.bot = True
    assert stoker.looks_like_a_bot


def test_bots_are_not_offered_where_there_are_none(as_ada, as_grace, stoker, link):
    assert "Ignore it" not in shown(as_ada.get(PAGE))
    casts(link, "b3", key="3", login="deploy-bot")
    assert "deploy-bot looks like a bot." in shown(as_ada.get(PAGE))
    assert "looks like a bot" not in shown(as_grace.get(PAGE))


def test_what_speaks_for_others_is_for_admins_alone(as_grace, link, stoker):
    casts(link, "77", key="3", login="ada")
    page = shown(as_grace.get(PAGE))
    assert "Perhaps you: the login is their nickname." in page
    assert "Ada Lovelace" not in page and "It is" not in page


def test_a_name_alone_is_shown_as_a_guess_and_chosen_by_nobody(as_ada, stoker):
    UnclaimedPerson.objects.update(login="", name="Grace Hopper")
    page = shown(as_ada.get(PAGE))
    assert "A guess: <strong>Grace Hopper</strong>" in page
    assert "a name that is alike, which proves nothing" in page
    assert '<button class="btn small"> It is Grace' in page.replace('small">It', 'small"> It')


def test_only_so_many_are_shown_those_seen_last_first(as_ada, stoker, team):
    UnclaimedPerson.objects.bulk_create(
        UnclaimedPerson(team=team, integration_type="foundry", key=f"{n}", login=f"smith-{n}")
        for n in range(60)
    )
    page = shown(as_ada.get(PAGE))
    assert page.count('id="person-') == 50 and "There are more" in page


def test_a_claim_in_one_team_says_nothing_in_another(stoker, grace, team):
    second = Team.objects.create(name="Difference Engines")
    believe(stoker, grace, evidence="claimed")
    who = {"actor": Actor("4711"), "integration_type": "foundry"}
    assert IntegrationUser.objects.who(**who, team=team) == grace
    assert IntegrationUser.objects.who(**who, team=second) is None


def test_who_dies_before_the_replay_loses_nothing(stoker, grace, monkeypatch):
    def die(receipts):
        raise KeyboardInterrupt

    with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
        patch.setattr("idonethis.integrations.models.receipt.ReceiptQuerySet.replay", die)
        believe(stoker, grace, evidence="claimed")
    again = UnclaimedPerson.objects.get()
    believe(again, grace, evidence="claimed")
    assert len(logged()) == 2


def test_a_batch_under_way_that_missed_the_claim_is_found_by_the_sweep(stoker, grace):
    receipt = Receipt.objects.first()
    Receipt.objects.filter(pk=receipt.pk).update(state="due", due_at=timezone.now() + timedelta(1))
    believe(stoker, grace, evidence="claimed")
    Receipt.objects.filter(pk=receipt.pk).update(state="done", outcome="no_person")
    assert len(logged()) == 1
    sweep()
    assert len(logged()) == 2


def test_who_connects_gets_what_waited_for_them(as_grace, stoker, world, grace):
    world.people["4711"] = "grace"
    response = connect(as_grace, world, who="4711")
    assert "2 events that waited for you are being logged." in shown(
        as_grace.get(response["Location"])
    )
    assert len(logged()) == 2 and not UnclaimedPerson.objects.exists()


# The link that a partner shows to a stranger.


@pytest.fixture
def claim_path(foundry):
    url = Proving("foundry").claim_url(Actor("4711", "stoker", "The Stoker"))
    return url.removeprefix("http://testserver")


def test_the_claim_link_asks_before_it_believes(as_grace, stoker, claim_path):
    page = shown(as_grace.get(claim_path))
    assert "The Foundry account <strong>The Stoker</strong> (stoker)" in page
    assert "belongs to Grace Hopper" in page and "2 that wait already are logged at once" in page
    assert not IntegrationUser.objects.filter(uid="4711").exists()


def test_who_confirms_is_known_everywhere_and_what_waited_is_logged(
    as_grace, stoker, claim_path, grace
):
    page = shown(as_grace.post(claim_path, follow=True))
    assert "Foundry knows you now. 2 events that waited for you are being logged." in page
    known = IntegrationUser.objects.get(uid="4711")
    assert (known.user, known.team, known.evidence) == (grace, None, "claimed")
    assert len(logged()) == 2


def test_a_claim_does_not_take_an_account_from_somebody(as_mallory, as_grace, claim_path, world):
    world.people["4711"] = "stoker"
    connect(as_grace, world, who="4711")
    before = IntegrationUser.objects.values().get()
    response = as_mallory.post(claim_path)
    assert response.status_code == 400
    assert "already belongs to somebody else here. Nothing was changed." in shown(response)
    assert IntegrationUser.objects.values().get() == before


def test_confirming_twice_changes_nothing_more(as_grace, claim_path):
    as_grace.post(claim_path)
    as_grace.post(claim_path)
    assert IntegrationUser.objects.count() == 1


@pytest.mark.parametrize("method", ["get", "post"])
def test_a_claim_link_is_good_for_a_day(as_grace, claim_path, monkeypatch, method):
    now = signing.time.time() + 24 * 3600 + 5
    monkeypatch.setattr(signing.time, "time", lambda: now)
    response = getattr(as_grace, method)(claim_path)
    assert response.status_code == 400 and "no longer works" in shown(response)
    assert not IntegrationUser.objects.exists()


def test_what_was_signed_for_something_else_is_no_claim(as_grace, foundry):
    said = {"type": "foundry", "uid": "4711", "login": "", "name": ""}
    forged = signing.dumps(said, salt="something.else", compress=True)
    assert as_grace.post(f"/integrations/claim/{forged}").status_code == 400
    assert not IntegrationUser.objects.exists()


def test_a_changed_claim_is_refused(as_grace, claim_path):
    assert as_grace.post(claim_path[:-1] + "x").status_code == 400
    assert not IntegrationUser.objects.exists()
