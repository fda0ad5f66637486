"""What says little is asked about before it is read, and waits for nobody else."""

from __future__ import annotations

from datetime import timedelta

import orjson
import pytest
from django.db import OperationalError
from django.urls import reverse
from django.utils import timezone

from idonethis.entries.models import Entry
from idonethis.entries.traces import Traces
from idonethis.integrations import registry
from idonethis.integrations.base import Gone, Hook, NeedsReconnect, Never, Vanished
from idonethis.integrations.http import Again, Away
from idonethis.integrations.models import (
    Erasure,
    IntegrationLink,
    IntegrationUser,
    Job,
    OutgoingHold,
    Receipt,
    Replay,
    measures,
)
from idonethis.integrations.models.expanding import Expansion
from idonethis.integrations.models.line import MOST_TRIES, STUBBORN
from idonethis.integrations.models.selection import Selection
from idonethis.integrations.tests.coming import standing, work, work_off
from idonethis.integrations.tests.whisper import Whisper
from idonethis.integrations.values import Secret
from idonethis.teams.models import Team

pytestmark = pytest.mark.django_db

SECRET = Secret("whispered")


@pytest.fixture
def whisper(monkeypatch):
    partner = Whisper()
    partner.things = {each: {"body": f"Cast {each}", "uid": "1815"} for each in ("gear", "crank")}
    monkeypatch.setattr(registry, "integrations", lambda: {"whisper": partner})
    return partner


@pytest.fixture
def link(whisper, team, ada):
    IntegrationUser.objects.create(integration_type="whisper", uid="1815", user=ada)
    return make_link(team, ada)


def make_link(team, user):
    link = IntegrationLink.objects.create(integration_type="whisper", team=team, user=user)
    link.take_secret(SECRET)
    return link


@pytest.fixture
def expansion(whisper):
    return Expansion(whisper)


@pytest.fixture
def comes(client, whisper):
    """Whisper says that something happened to a thing."""

    def send(link, thing):
        body = orjson.dumps({"thing": thing})
        signed = whisper.signature.sign(Hook(body), SECRET)
        named = {"x-whisper-delivery": f"{thing}-{Receipt.objects.count()}"}
        path = f"/integrations/whisper/hook/{link.hook_token}"
        answer = client.post(path, body, content_type="application/json", headers=signed | named)
        assert answer.status_code == 200
        return Receipt.objects.latest("pk")

    return send


def later(**span):
    """That much time passes for all that is asked about."""
    for receipt in Receipt.objects.filter(state="bare"):
        receipt.due_at -= timedelta(**span)
        receipt.save(update_fields=["due_at"])


def test_nothing_is_read_before_the_partner_has_said_the_rest(link, comes, expansion, whisper):
    receipt = comes(link, "gear")
    work()
    assert not Entry.objects.exists() and whisper.asked == []
    assert expansion.drain() == 1
    work()
    assert Entry.objects.get().body == "Cast gear"
    receipt.refresh_from_db()
    assert (receipt.outcome, receipt.hook.more) == ("created", whisper.things["gear"])
    assert expansion.drain() == 0


def test_what_was_said_is_not_asked_for_again(link, comes, expansion, whisper):
    comes(link, "gear")
    expansion.drain()
    work()
    Receipt.objects.all().replay()
    assert expansion.drain() == 0
    work()
    work_off(Replay.begin(Selection(link=link.hash_id), user=None))
    assert (whisper.asked, standing()) == (["gear"], ["Cast gear"])


def test_a_worker_that_dies_after_asking_leaves_what_was_said(link, comes, expansion, whisper):
    comes(link, "gear")
    expansion.drain()
    # The inbox is in the hands of another process from here on: nothing but rows is left.
    del expansion
    whisper.things.clear()
    work()
    assert standing() == ["Cast gear"]


def test_a_worker_that_dies_while_asking_is_followed_by_another(link, comes, expansion, whisper):
    comes(link, "gear")
    whisper.failures = [SystemExit()]
    with pytest.raises(SystemExit):
        expansion.drain()
    assert expansion.drain() == 0
    Receipt.objects.take_over()
    expansion.drain()
    work()
    assert standing() == ["Cast gear"]


def test_a_partner_that_is_away_is_asked_again_and_the_day_stays(link, comes, expansion, whisper):
    receipt = comes(link, "gear")
    then = timezone.now() - timedelta(days=2)
    Receipt.objects.update(received_at=then)
    whisper.failures = [Away("Whisper cannot be reached.")] * 3
    for _ in range(3):
        assert expansion.drain() == 1
        assert expansion.drain() == 0
        later(hours=1)
    receipt.refresh_from_db()
    assert (receipt.result, receipt.why) == ("asking", "Whisper cannot be reached.")
    expansion.drain()
    work()
    assert Entry.objects.get().occurred_on == then.date()


def test_a_pause_that_the_partner_asks_for_is_kept_by_the_whole_link(
    link, comes, expansion, whisper, ada
):
    comes(link, "gear")
    whisper.failures = [Again("Slower, please.", after=600)]
    expansion.drain()
    comes(link, "crank")
    Receipt.objects.take_over()
    assert expansion.drain() == 0
    later(seconds=590)
    assert expansion.drain() == 0
    later(seconds=11)
    assert expansion.drain() == expansion.drain() == 1
    assert whisper.asked == ["gear", "gear", "crank"]


def test_other_links_do_not_wait_for_one_that_rests(link, comes, expansion, whisper, ada):
    other = make_link(Team.objects.create(name="Night Shift"), ada)
    comes(link, "gear")
    comes(link, "gear")
    comes(other, "crank")
    whisper.failures = [Away("Nobody is there.")]
    assert (expansion.drain(), expansion.drain(), expansion.drain()) == (1, 1, 0)
    assert whisper.asked == ["gear", "crank"]


def test_links_are_asked_about_in_turn(link, comes, expansion, whisper, ada):
    other = make_link(Team.objects.create(name="Night Shift"), ada)
    for each in (link, link, other):
        comes(each, "gear" if each == link else "crank")
    while expansion.drain():
        pass
    assert whisper.asked == ["gear", "crank", "gear"]


def test_one_that_cannot_be_asked_about_lets_the_others_pass(link, comes, expansion, whisper):
    comes(link, "gear")
    comes(link, "crank")
    for _ in range(STUBBORN):
        whisper.failures = [Again("Whisper answered 500.")]
        assert expansion.drain() == 1
        later(minutes=5)
    later(minutes=-60)
    Receipt.objects.filter(attempts=0).update(due_at=timezone.now())
    expansion.drain()
    assert whisper.asked == ["gear"] * STUBBORN + ["crank"]


def test_after_many_tries_it_ends_and_a_replay_asks_again(link, comes, expansion, whisper):
    receipt = comes(link, "gear")
    Receipt.objects.update(attempts=MOST_TRIES - 1)
    whisper.failures = [Again("Whisper answered 500.")]
    expansion.drain()
    receipt.refresh_from_db()
    assert (receipt.state, receipt.outcome) == ("done", "template_error")
    assert receipt.why.startswith("Whisper answered 500. It was asked often enough.")
    job = work_off(Replay.begin(Selection(link=link.hash_id), user=None))
    assert job.results == {"asked": 1}
    assert expansion.drain() == 1
    work()
    assert standing() == ["Cast gear"]


@pytest.mark.parametrize("gone", [Gone("There is no such thing."), Vanished("It was removed.")])
def test_what_is_gone_there_ends_with_a_reason(link, comes, expansion, whisper, gone):
    receipt = comes(link, "gear")
    whisper.failures = [gone]
    expansion.drain()
    receipt.refresh_from_db()
    link.refresh_from_db()
    assert (receipt.outcome, receipt.why, link.state) == ("vanished", str(gone), "active")


def test_a_refusal_of_one_ends_it_and_says_nothing_of_the_link(link, comes, expansion, whisper):
    receipt = comes(link, "gear")
    whisper.failures = [Never("Whisper refused the request (400).")]
    expansion.drain()
    receipt.refresh_from_db()
    link.refresh_from_db()
    assert (receipt.outcome, link.state) == ("template_error", "active")
    assert receipt.why == "Whisper refused the request (400)."


def test_a_link_that_is_let_in_no_longer_asks_until_it_is_put_right(
    link, comes, expansion, whisper
):
    comes(link, "gear")
    whisper.failures = [NeedsReconnect("Whisper no longer accepts our access (401).")]
    expansion.drain()
    link.refresh_from_db()
    assert (link.state, link.incidents.count()) == ("needs_reconnect", 1)
    later(hours=1)
    assert expansion.drain() == 0
    link.resume()
    assert expansion.drain() == 1
    work()
    assert standing() == ["Cast gear"]


def test_our_own_fault_is_tried_a_few_times_and_then_ends(link, comes, expansion, whisper):
    receipt = comes(link, "gear")
    whisper.things.clear()
    for _ in range(5):
        assert expansion.drain() == 1
        later(hours=1)
    receipt.refresh_from_db()
    assert (expansion.drain(), receipt.outcome) == (0, "template_error")
    assert receipt.why.startswith("Our own fault (KeyError).")


def test_trouble_of_the_database_is_no_fault_however_often(
    link, comes, expansion, whisper, monkeypatch
):
    receipt = comes(link, "gear")

    def away(*_):
        raise OperationalError("database or disk is full")

    with monkeypatch.context() as patch:
        patch.setattr(whisper, "expand", away)
        for _ in range(20):
            with pytest.raises(OperationalError):
                expansion.drain()
            later(hours=1)
    assert expansion.drain() == 1
    receipt.refresh_from_db()
    assert (receipt.state, receipt.outcome) == ("due", "")


def test_whoever_dies_over_it_each_time_does_so_no_longer(link, comes, expansion, whisper):
    receipt = comes(link, "gear")
    Receipt.objects.update(attempts=MOST_TRIES)
    expansion.drain()
    receipt.refresh_from_db()
    assert (receipt.outcome, whisper.asked) == ("template_error", [])


def test_nothing_is_asked_for_a_link_that_is_paused_or_removed(link, comes, expansion, whisper):
    paused = comes(link, "gear")
    link.pause()
    expansion.drain()
    paused.refresh_from_db()
    assert (paused.outcome, paused.read_for) == ("link_paused", link.pk)
    link.resume()
    removed = comes(link, "crank")
    link.remove()
    expansion.drain()
    removed.refresh_from_db()
    assert (removed.outcome, whisper.asked) == ("link_removed", [])


def test_what_came_in_a_pause_is_asked_about_once_it_is_processed_again(
    link, comes, expansion, whisper
):
    comes(link, "gear")
    link.pause()
    expansion.drain()
    link.resume()
    Replay.begin(Selection(link=link.hash_id, outcomes=("link_paused",)), user=None)
    Job.drain()
    expansion.drain()
    work()
    assert standing() == ["Cast gear"]


def test_after_a_restore_nobody_is_asked(link, comes, expansion, whisper):
    comes(link, "gear")
    OutgoingHold.objects.create(backup_made_at=timezone.now())
    assert (expansion.drain(), whisper.asked) == (0, [])


def test_pages_say_that_the_partner_is_asked(link, comes, expansion, whisper, client, ada):
    receipt = comes(link, "gear")
    client.force_login(ada)
    page = client.get(reverse("receipt", args=[receipt.pk])).content.decode()
    assert "the partner is asked for the rest" in page
    activity = client.get(reverse("team_activity", args=[link.team.slug])).content.decode()
    assert "Asking" in activity
    shown = client.get(reverse("team_activity", args=[link.team.slug]), {"result": "asking"})
    assert "the partner is asked for the rest" in shown.content.decode()
    whisper.failures = [Away("Whisper cannot be reached.")]
    expansion.drain()
    page = client.get(reverse("receipt", args=[receipt.pk])).content.decode()
    assert "Whisper cannot be reached" in page


def test_what_the_partner_said_is_shown_and_found(link, comes, expansion, client, ada):
    receipt = comes(link, "gear")
    expansion.drain()
    work()
    client.force_login(ada)
    page = client.get(reverse("receipt", args=[receipt.pk])).content.decode()
    assert "What the partner said besides" in page and "Cast gear" in page
    Entry.objects.all().delete()
    found = client.get(reverse("why"), {"q": "Cast gear", "team": link.team.slug})
    assert reverse("receipt", args=[receipt.pk]) in found.content.decode()


def test_what_was_said_of_somebody_who_is_deleted_goes(link, comes, expansion, whisper):
    comes(link, "gear")
    expansion.drain()
    work()
    Erasure.objects.begin(Traces(("Cast gear",)), actors=[], entries=[])
    while Erasure.drain():
        pass
    receipt = Receipt.objects.get()
    assert "Cast gear" not in str(receipt.hook.more) and receipt.hook.more["uid"] == "1815"
    Erasure.objects.begin(Traces(()), actors=["1815"], entries=[])
    while Erasure.drain():
        pass
    assert Receipt.objects.get().hook.more == {}


def test_how_many_wait_for_an_answer_is_measured(link, comes):
    comes(link, "gear")
    assert measures.asking() == {("whisper",): 1}


def test_a_nul_in_what_was_said_reaches_no_row(link, comes, expansion, whisper):
    whisper.things["gear"]["body"] = "Cast a\0gear"
    comes(link, "gear")
    expansion.drain()
    work()
    assert standing() == ["Cast agear"]
    assert Receipt.objects.get().hook.more["body"] == "Cast agear"
