"""One hook, and one entry on its way: what happened, and the button for it."""

from __future__ import annotations

import json
import re
from datetime import timedelta

import pytest
import zstandard
from django.test import Client
from django.utils import timezone

from idonethis.entries.drafts import Draft
from idonethis.entries.models import Entry
from idonethis.integrations.answers import Answer, Answers, Never, Refusal
from idonethis.integrations.hiding import Hidden
from idonethis.integrations.models import Delivery, Job, Receipt
from idonethis.integrations.models.attempt import IN_FULL, KEPT
from idonethis.integrations.models.sweeping import sweep
from idonethis.integrations.tests.commands import shown as command
from idonethis.integrations.tests.test_jobs import work_off
from idonethis.integrations.tests.web.conftest import casts, connect, create, work

pytestmark = pytest.mark.django_db


def shown(response):
    return re.sub(r"\s+", " ", response.content.decode())


@pytest.fixture
def stranger(link):
    return casts(link, "4711", key="1", body="Cast a gear", login="stoker")


def page_of(browser, receipt):
    return shown(browser.get(f"/receipts/{receipt.pk}"))


# A hook.


def test_the_sentence_comes_first_and_then_the_fix(as_ada, stranger):
    page = page_of(as_ada, stranger)
    said = page.index("Nobody in this team is known as stoker.")
    assert said < page.index("Say who stoker is") < page.index("What came")


def test_the_request_is_shown_as_it_came_without_its_secrets(as_ada, stranger):
    page = page_of(as_ada, stranger)
    assert "{ &quot;body&quot;: &quot;Cast a gear&quot;," in page
    assert "x-foundry-delivery: delivery-1" in page and "x-foundry-signature: ••••••••" in page
    assert stranger.hook.header("x-foundry-signature") not in page
    assert as_ada.get(f"/receipts/{stranger.pk}")["Cache-Control"] == "no-store"


def test_what_we_answered_is_told(as_ada, stranger):
    assert '<span class="num">200</span>, without a body' in page_of(as_ada, stranger)


def test_the_command_holds_neither_signature_nor_address(as_ada, stranger, link):
    page = page_of(as_ada, stranger)
    command = page.partition('id="curl" ')[2].partition("</pre>")[0]
    assert "# The signature is left out" in command and "--data-raw" in command
    assert "http://testserver/integrations/foundry/hook/••••••••" in command
    assert "x-foundry-signature" not in command and link.hook_token not in page
    assert link.registered_hook.hook_token not in page


def test_what_became_an_entry_leads_to_it(as_ada, link):
    page = page_of(as_ada, casts(link, body="Cast a gear"))
    assert f'href="/e/{Entry.objects.get().hash_id}">Cast a gear</a>' in page
    assert "Became an entry" in page


def pressed(browser, page, label):
    """What comes of the button with these words, sent with all that stands in its form."""
    form = next(each for each in page.split("<form")[1:] if f">{label}</button>" in each)
    fields = re.findall(r'name="(\w+)" value="([^"]*)"', form.partition("</form>")[0])
    path = re.search(r'action="([^"]+)"', form)
    return browser.post(path[1], dict(fields), follow=True)


def test_it_is_processed_again_by_way_of_a_plan(as_ada, stranger, grace, link):
    casts(link, "4712", key="2", login="another")
    grace.integration_users.create(integration_type="foundry", uid="4711")
    page = page_of(as_ada, stranger)
    plan = re.sub(r"<svg.*?</svg>", "", page)
    plan = shown(pressed(as_ada, plan, "Process it again"))
    assert '<span class="num">1</span> event would be read again.' in plan
    assert "entry made" in plan and not Entry.objects.exists()
    as_ada.post(f"/links/{link.hash_id}/replay", {"receipt": stranger.pk, "begin": "1"})
    assert Job.objects.get().total == 1
    work_off()
    assert Entry.objects.get().user == grace
    assert "Became an entry" in page_of(as_ada, stranger)


def test_what_waits_looks_again_by_itself(as_ada, stranger):
    Receipt.objects.filter(pk=stranger.pk).replay()
    page = page_of(as_ada, stranger)
    assert 'hx-trigger="every 2s"' in page and "It is processed in a moment." in page
    assert "Process it again" not in page
    work()
    part = as_ada.get(f"/receipts/{stranger.pk}", headers={"HX-Request": "true"})
    assert "hx-trigger" not in shown(part) and "Nobody in this team" in shown(part)
    assert "<html" not in shown(part)


def test_processing_it_again_makes_no_second_entry(as_ada, link):
    receipt = casts(link, body="Cast a gear")
    as_ada.post(f"/links/{link.hash_id}/replay", {"receipt": receipt.pk, "begin": "1"})
    work_off()
    assert Entry.objects.count() == 1


def test_who_made_the_link_reads_its_hooks_and_other_members_do_not(
    as_ada, as_grace, account, world, grace
):
    connect(as_grace, world, who="1906")
    create(as_grace, by="hand")
    receipt = casts(grace.teams.get(slug="analytical-engines").links.get(), "4711")
    assert as_grace.get(f"/receipts/{receipt.pk}").status_code == 200
    assert as_ada.get(f"/receipts/{receipt.pk}").status_code == 200
    receipt.read_for = receipt.link_id = 0
    receipt.save()
    assert as_ada.get(f"/receipts/{receipt.pk}").status_code == 404


def test_to_everybody_else_it_is_not_there(as_grace, as_mallory, stranger):
    before = Receipt.objects.values().get()
    for browser in (as_grace, as_mallory):
        assert browser.get(f"/receipts/{stranger.pk}").status_code == 404
    assert Client().get(f"/receipts/{stranger.pk}").status_code == 302
    assert Receipt.objects.values().get() == before


@pytest.mark.parametrize("number", ["0", "999", "9" * 30])
def test_a_hook_that_never_came_is_not_found(as_ada, link, number):
    assert as_ada.get(f"/receipts/{number}").status_code == 404
    assert as_ada.get(f"/deliveries/{number}").status_code == 404


def test_the_hook_of_a_removed_link_stays_readable(as_ada, stranger, link):
    link.remove()
    page = page_of(as_ada, stranger)
    assert "Nobody in this team is known as stoker." in page and "Process it again" not in page


def test_a_body_that_is_no_json_is_shown(as_ada, stranger):
    Receipt.objects.update(request=packed(b"token=hunter2 <b>"))
    page = page_of(as_ada, stranger)
    assert "hunter2" not in page and "token=•••••••• &lt;b&gt;" in page


def packed(body):
    return zstandard.compress(b'{"headers": {}, "method": "POST", "query": ""}\n' + body)


# An entry on its way.


@pytest.fixture
def delivery(link, team, ada, world):
    """Which did not arrive, since the foundry was out."""
    world.out = 503
    Entry.objects.log(Draft(body="Oiled the mill"), team=team, user=ada)
    Delivery.drain()
    return Delivery.objects.get()


def sent(browser, delivery):
    return shown(browser.get(f"/deliveries/{delivery.pk}"))


def test_each_attempt_is_kept_with_what_the_partner_said(as_ada, delivery, world):
    world.out = None
    Delivery.objects.start_over()
    delivery.link.rest(None)
    Delivery.drain()
    second, first = delivery.tries.all()
    assert (first.result, second.result) == ("again", "sent")
    assert "answered 503" in first.said and second.said == ""
    assert first.at < second.at and first.took >= 0
    page = sent(as_ada, delivery)
    assert "answered 503" in page and "Trying again" in page and "Sent" in page


@pytest.mark.parametrize(("out", "result"), [(503, "again"), (403, "held"), (422, "failed")])
def test_an_attempt_says_how_it_ended(link, team, ada, world, out, result):
    world.out = out
    Entry.objects.log(Draft(body="Oiled the mill"), team=team, user=ada)
    Delivery.drain()
    assert Delivery.objects.get().tries.get().result == result


@pytest.mark.django_db(transaction=True)
def test_an_attempt_whose_delivery_is_gone_stops_nobody(delivery, world):
    gone = Delivery.objects.get()
    Delivery.objects.all().delete()
    gone.deliver()
    assert not Delivery.objects.exists()


def test_the_newest_attempt_is_open_and_the_others_are_folded(as_ada, delivery, world):
    delivery.link.rest(None)
    Delivery.objects.start_over()
    Delivery.drain()
    second, first = delivery.tries.all()
    page = sent(as_ada, delivery)
    assert f'id="attempt-{second.pk}" hx-preserve open>' in page
    assert f'id="attempt-{first.pk}" hx-preserve>' in page
    assert "POST http://127.0.0.1" in page and "Authorization: Bearer ••••••••" in page
    assert "Oiled the mill" in command(page, "body-") and '<span class="num">503</span>' in page
    assert "-H 'Authorization: Bearer '\"$ACCESS_TOKEN\"" in command(page, "curl-")
    access = delivery.link.integration_user.secrets["access_token"]
    assert access not in page and access not in str(second.exchange)
    response = as_ada.get(f"/deliveries/{delivery.pk}")
    assert response["Cache-Control"] == "no-store"


def test_of_several_requests_the_last_is_kept_and_the_others_are_counted(
    as_ada, link, team, ada, world
):
    """The grant has ended in the meantime, and is renewed between the two."""
    world.lifetime = 3600
    for grant in world.grants:
        grant.dead = True
    account = link.integration_user
    account.secrets = {**account.secrets, "refresh_token": world.grants[-1].refresh}
    account.save()
    world.grants[-1].dead = False
    old = world.grants[-1].access
    world.grants[-1].access = "another"
    Entry.objects.log(Draft(body="Oiled the mill"), team=team, user=ada)
    Delivery.drain()
    sent_once = Delivery.objects.get()
    tried = sent_once.tries.get()
    assert (tried.result, tried.exchange["before"]) == ("sent", 1)
    page = sent(as_ada, sent_once)
    assert "1 request was made before this one in the same attempt. This is the last." in page
    assert old not in page and tried.exchange["answer"]["status"] in (200, 201)


def test_who_did_not_answer_is_shown_to_have_said_nothing(as_ada, link, team, ada, monkeypatch):
    monkeypatch.setattr(link.integration, "addresses", {"api": "http://127.0.0.1:9/api"})
    Entry.objects.log(Draft(body="Oiled the mill"), team=team, user=ada)
    Delivery.drain()
    page = sent(as_ada, Delivery.objects.get())
    assert "No answer came." in page and "POST http://127.0.0.1:9/api/posts" in page


def test_what_a_partner_repeats_of_a_token_is_told_nobody(link, monkeypatch):
    answers = Answers(word="error", refusals=(Refusal(Never, (400,), sentence="No: {word}"),))
    client = link.client()
    client.answers, access = answers, link.integration_user.secrets["access_token"]
    client.hidden = Hidden.of({"access_token": access}, {})
    with pytest.raises(Never) as told:
        client.judge(Answer(400, {}, json.dumps({"error": f"bad {access}"}).encode()), "")
    assert str(told.value) == "No: bad ••••••••"


def attempts(delivery, *ages):
    now = timezone.now()
    for age in ages:
        at = now - timedelta(days=age)
        yield delivery.tries.create(at=at, took=1, result="again", exchange={"before": 0})


def test_of_one_delivery_the_newest_attempts_are_kept(delivery, world):
    list(attempts(delivery, *[0] * (KEPT + 3)))
    delivery.link.rest(None)
    Delivery.objects.start_over()
    Delivery.drain()
    assert delivery.tries.count() == KEPT
    newest = delivery.tries.all()[:IN_FULL]
    assert list(delivery.tries.full()) == list(newest)


def test_what_was_said_is_kept_for_a_month(as_ada, delivery):
    delivery.tries.all().delete()
    _, new = attempts(delivery, 31, 29)
    sweep()
    assert list(delivery.tries.full()) == [new]
    new.delete()
    assert "is not kept, or not any more" in sent(as_ada, delivery)


def test_it_is_tried_at_once_from_its_page(as_ada, delivery, world):
    page = sent(as_ada, delivery)
    assert "answered 503" in page and "Try now" in page
    assert not Delivery.objects.due().exists()
    world.out = None
    said = as_ada.post(f"/deliveries/{delivery.pk}/retry", follow=True)
    assert "It is sent now." in shown(said)
    Delivery.drain()
    assert list(world.posts.values()) == ["Oiled the mill"]
    page = sent(as_ada, delivery)
    assert "Try now" not in page and 'hx-trigger="every 2s"' not in page


def test_what_has_arrived_is_not_sent_twice(as_ada, delivery, world):
    world.out = None
    Delivery.objects.start_over()
    delivery.link.rest(None)
    Delivery.drain()
    said = as_ada.post(f"/deliveries/{delivery.pk}/retry", follow=True)
    assert "There is nothing to send again." in shown(said)
    assert not Delivery.objects.due().exists()


def test_to_others_a_delivery_is_not_there(as_grace, as_mallory, delivery):
    before = Delivery.objects.values().get()
    for browser in (as_grace, as_mallory):
        assert browser.get(f"/deliveries/{delivery.pk}").status_code == 404
        assert browser.post(f"/deliveries/{delivery.pk}/retry").status_code == 404
    assert Delivery.objects.values().get() == before


def test_the_words_of_a_removed_entry_are_not_told(as_ada, delivery, ada):
    assert "Oiled the mill" in sent(as_ada, delivery)
    delivery.entry.delete_softly(by=ada)
    page = sent(as_ada, delivery)
    assert "Oiled the mill" not in page and "The entry was removed since" in page


def test_how_its_post_was_removed_is_shown(as_ada, delivery, ada, world):
    for world.out in (None, 503):
        delivery.link.rest(None)
        Delivery.objects.start_over()
        Delivery.drain()
    delivery.entry.delete_softly(by=ada)
    delivery.link.rest(None)
    Delivery.objects.start_over()
    Delivery.drain()
    page = sent(as_ada, delivery)
    assert "DELETE http://" in page and "POST http://" not in page
    assert "Oiled the mill" not in page
