"""Somebody misses something: what came, what became of it, and what to do."""

from __future__ import annotations

import re
from contextlib import ExitStack, contextmanager
from datetime import timedelta
from itertools import count

import pytest
from allauth.account.models import EmailAddress
from django.conf import settings
from django.db import connections
from django.utils import timezone

from idonethis.entries.drafts import Draft
from idonethis.entries.models import Entry, Source
from idonethis.integrations.models import (
    Delivery,
    IntegrationLink,
    IntegrationUser,
    Job,
    Receipt,
    Refusal,
    UnclaimedPerson,
)
from idonethis.integrations.models.claiming import believe
from idonethis.integrations.reasons import ENDINGS
from idonethis.integrations.sight import Sight
from idonethis.integrations.tests.test_jobs import work_off
from idonethis.integrations.tests.web.conftest import casts, connect, create, work
from idonethis.integrations.values import Reason
from idonethis.integrations.why import answer, scan
from idonethis.teams.models import Membership

pytestmark = pytest.mark.django_db

SHA = "6dcb09b5b57875f334f61aebed695e2e4193db5e"


def shown(response):
    return re.sub(r"\s+", " ", response.content.decode())


def why(user, text, **more):
    return answer(text, Sight.of(user), **more)


def sentences(found):
    return [finding.sentence for finding in found.findings]


@pytest.fixture
def address(foundry):
    """The address of the thing at the partner that the hooks speak of."""
    return f"{foundry.address('web')}/ada/engine/castings/12"


@pytest.fixture
def missing(link, address):
    """A casting of a stranger, two days ago."""
    casts(link, "4711", key="7", body=f"Cast a gear, see {address}", login="octo-jo")
    Receipt.objects.update(received_at=timezone.now() - timedelta(days=2), event="casting.done")
    return Receipt.objects.get()


# The journey: found by whatever is known of it.


def test_the_answer_is_a_chain_from_the_hook_to_its_end(missing, ada, address):
    found = why(ada, address)
    received, signature, by, event, end = found.first.steps
    assert re.fullmatch(r"Received \d+ \w{3}, \d\d:\d\d:\d\d", received)
    assert (signature, by, event) == ("signature fine", "link ada/engine", "casting.done")
    assert end == "Nobody in this team is known as octo-jo"
    assert found.sentence == " → ".join(found.first.steps) + "."


@pytest.mark.parametrize("asked", ["octo-jo", "OCTO-JO", "@octo-jo", "4711"])
def test_a_person_is_found_with_what_waits_for_them(missing, ada, asked):
    first, receipt, *_ = why(ada, asked).findings
    assert first.steps[0] == "octo-jo at Foundry"
    assert first.steps[-1] == "1 event waits until somebody is"
    assert receipt.result == "no_person"
    person = UnclaimedPerson.objects.get()
    assert first.remedy.path == f"/t/analytical-engines/unclaimed#person-{person.pk}"


@pytest.mark.parametrize("asked", ["delivery-7", "castings/12", "Cast a gear"])
def test_a_hook_is_found_by_its_delivery_and_by_its_words(missing, ada, asked):
    assert why(ada, asked).first.result == "no_person"


def test_what_is_named_exactly_needs_no_looking_through(missing, ada):
    assert why(ada, "delivery-7").scan is None
    assert why(ada, f"http://testserver/receipts/{missing.pk}").scan is None
    assert why(ada, "Cast a gear").scan.looked == 1


def test_a_number_may_be_the_name_of_a_delivery_and_of_more(missing, ada):
    Receipt.objects.update(delivery_key="12")
    found = why(ada, "12")
    assert found.first.result == "no_person" and found.scan.looked == 1


def test_the_fix_is_one_press_away_and_logs_it_on_its_day(as_ada, missing, ada, grace, address):
    path = why(ada, address).first.remedy.path
    person = path.rpartition("-")[2]
    assert f'id="person-{person}"' in shown(as_ada.get(path.partition("#")[0]))
    as_ada.post(f"/t/analytical-engines/unclaimed/{person}/assign", {"user": grace.hash_id})
    work()
    entry = Entry.objects.get()
    assert entry.occurred_on == timezone.localdate() - timedelta(days=2)
    found = why(ada, address)
    assert "Became an entry" in " ".join(sentences(found)) and "Grace Hopper" in found.sentence


def test_the_fix_leads_back_to_the_question(as_ada, missing, address):
    page = shown(as_ada.get("/why", {"q": address}))
    there = re.search(r'href="(/t/analytical-engines/unclaimed[?][^"]+)#person-\d+"', page)[1]
    assert f'name="q" value="{address}"' in shown(as_ada.get(there))


def test_what_is_under_way_is_looked_at_again_by_itself(as_ada, missing, address):
    again = 'id="answered" hx-get'
    assert again not in shown(as_ada.get("/why", {"q": address}))
    Receipt.objects.update(state="due", outcome="", read_for=0)
    assert again in shown(as_ada.get("/why", {"q": address}))


@contextmanager
def after(count, happens):
    """It happens once so many queries are answered."""
    left = iter(range(count))

    def watch(execute, *asked):
        answered = execute(*asked)
        if next(left, None) is None and not happened:
            happened.append(True)
            happens()
        return answered

    happened: list[bool] = []
    with ExitStack() as stack:
        for alias in settings.DATABASES:
            stack.enter_context(connections[alias].execute_wrapper(watch))
        yield happened


def test_what_is_processed_in_the_midst_of_the_answer_is_not_missed(missing, ada, grace):
    """Whenever it is: the page says where it is by now, or looks again."""
    person = UnclaimedPerson.objects.get()
    for moment in count():
        believe(person, grace, evidence="assigned")
        with after(moment, work) as happened:
            found = why(ada, "Cast a gear")
        assert found.is_under_way or found.first.result == "entry", moment
        if not happened:
            break
        assert why(ada, "Cast a gear").first.result == "entry"
        Entry.objects.all().delete()
        Receipt.objects.update(state="done", outcome=Reason.NO_PERSON, entry="")
        person.save(force_insert=True)
    assert moment > 5


# Entries.


@pytest.fixture
def entry(team, ada):
    draft = Draft(body="Mended the roof (#12)", url="https://code.example.org/engine/pull/12")
    return Entry.objects.log(draft, team=team, user=ada)


@pytest.mark.parametrize(
    "asked",
    [
        "the roof",
        "#12",
        "https://code.example.org/engine/pull/12",
        "https://code.example.org/engine/pull/12/files",
        "http://testserver/e/{}",
        "/e/{}",
        "{}",
    ],
)
def test_an_entry_is_found(entry, ada, asked):
    found = why(ada, asked.format(entry.hash_id))
    assert found.first.steps[:2] == ("“Mended the roof (#12)” of Ada Lovelace", "typed here")
    assert found.first.path == f"/e/{entry.hash_id}"


def test_an_entry_tells_what_it_came_of_and_where_it_went(link, ada):
    casts(link, body="Cast a gear")
    Entry.objects.log(Draft(body="Cast it again"), team=link.team, user=ada)
    Delivery.drain()
    made = Entry.objects.get(body="Cast a gear")
    first, receipt = why(ada, made.hash_id).findings
    assert first.steps[1] == "from Foundry, ada/engine"
    assert receipt.steps[-1] == "Became an entry: “Cast a gear” of Ada Lovelace"
    sent = why(ada, "Cast it again").findings
    assert {finding.result for finding in sent} == {"entry", "sent"}
    reference = Delivery.objects.get().reference
    assert why(ada, reference).first.result == "sent"


def test_a_removed_entry_is_told_by_whom_and_keeps_its_words_to_itself(entry, ada, grace):
    entry.delete_softly(by=ada)
    found = why(grace, entry.hash_id)
    assert "removed by Ada Lovelace" in found.sentence and "roof" not in found.sentence
    assert why(grace, "the roof").findings == ()


def test_an_entry_is_found_by_the_commit_that_it_stands_for(link, ada, grace, team, entry):
    entry.origin = link.hash_id
    entry.save()
    Source.objects.create(team=team, entry=entry, key=f"foundry:commit:{SHA}")
    assert why(ada, SHA[:8]).first.result == "entry"
    assert why(grace, SHA[:8]).findings == (), "Keys may hold what a link does not show."
    Source.objects.update(url=f"https://code.example.org/engine/commit/{SHA}", text="Mend it")
    assert why(grace, SHA[:8]).first.result == "entry"
    assert why(grace, "mend it").first.result == "entry"


# People who are known.


def test_a_member_is_told_where_they_are_known(link, ada, grace):
    (known,) = why(ada, "ada lovelace").findings
    assert known.steps == ("Ada Lovelace", "known as ada-l at Foundry", "signed in there")
    (unknown,) = why(ada, "grace").findings
    assert unknown.steps[1:] == (
        "known as nobody at Foundry",
        "nothing that they do there can be logged as theirs",
    )
    EmailAddress.objects.create(user=grace, email=grace.email, verified=True)
    (by_mail,) = why(ada, "grace@example.org").findings
    assert by_mail.steps[2] == "where a partner tells the mail address, they are known by it"


def test_somebody_who_is_ignored_is_told_as_that(missing, ada):
    UnclaimedPerson.objects.get().ignore()
    steps = [finding.steps for finding in why(ada, "octo-jo").findings]
    assert ("octo-jo at Foundry", "ignored in Analytical Engines") in steps


# Nothing was received.


def meanings(found):
    return " ".join(meaning.sentence for meaning in found.meanings)


def test_a_link_that_never_heard_of_anything_is_suspected(link, ada, address):
    found = why(ada, address)
    assert found.findings == ()
    assert found.sentence.startswith("Nothing came or went that you may see")
    assert "ada/engine: nothing has ever come from Foundry. Is the webhook there" in meanings(found)
    assert found.meanings[0].path == f"/links/{link.hash_id}"


def test_a_link_that_hears_may_not_hear_of_everything(link, ada, address):
    casts(link)
    assert "may not have been told to send this kind of event" in meanings(why(ada, address))


def test_a_paused_a_troubled_and_a_removed_link_are_told(link, ada, address):
    casts(link)
    link.pause()
    assert "ada/engine: it is paused." in meanings(why(ada, address))
    IntegrationLink.objects.update(state="needs_permission", trouble="The forge is locked.")
    assert "ada/engine: The forge is locked." in meanings(why(ada, address))
    link.remove()
    assert "the link was removed" in meanings(why(ada, address))


def test_a_place_that_is_not_linked_is_named_with_those_that_are(link, ada, foundry):
    found = why(ada, f"{foundry.address('web')}/ada/other/castings/1")
    assert meanings(found) == ("No link is about this place at Foundry. Linked are: ada/engine.")
    assert found.meanings[0].path == "/integrations/foundry/link"


def test_hooks_that_were_refused_are_a_reason(link, ada, address):
    at = timezone.now()
    seen = {"hour": at, "first_seen": at, "last_seen": at}
    Refusal.objects.create(
        link_id=link.pk, integration_type="foundry", reason="bad_signature", count=2, **seen
    )
    assert "2 hooks were refused since" in meanings(why(ada, address))
    assert "Is the secret at Foundry the one that the link shows?" in meanings(why(ada, address))


def test_without_any_link_it_leads_to_one(team, foundry, ada):
    found = why(ada, "anything")
    assert meanings(found) == "Nothing is linked from which anything could come in."


def test_a_page_of_ours_that_is_not_there_means_nothing(link, ada):
    found = why(ada, "http://testserver/receipts/999")
    assert (found.findings, found.meanings) == ((), ())


# How far it looks.


def test_it_looks_back_a_while_says_so_and_goes_on(as_ada, link, ada, monkeypatch):
    monkeypatch.setattr(scan, "MOST", 3)
    for number in range(7):
        casts(link, key=str(number), body=f"Cast gear {number}")
    Entry.objects.all().delete()
    found = why(ada, "gear 0")
    assert found.findings == ()
    assert found.scan.sentence.startswith("3 hooks were looked through, back to ")
    page = shown(as_ada.get("/why", {"q": "gear 0"}))
    further = re.search(r'name="before" value="(\d+)"', page)[1]
    assert "Look further back" in page and int(further) == found.scan.further
    found = why(ada, "gear 0", before=int(further))
    assert found.findings == () and found.scan.looked == 3
    found = why(ada, "gear 0", before=found.scan.further)
    assert found.first.result == "created" and found.scan.further is None
    assert found.scan.sentence == "1 stored hook was looked through; there are no more."


def test_it_looks_no_longer_than_its_time(link, ada, monkeypatch):
    clock = count(step=0.5)
    monkeypatch.setattr(scan.time, "monotonic", lambda: next(clock))
    for number in range(9):
        casts(link, key=str(number), body=f"Cast gear {number}")
    assert why(ada, "gear of copper").scan.looked == 4


def test_so_many_are_enough(link, ada, monkeypatch):
    monkeypatch.setattr(scan, "ENOUGH", 2)
    for number in range(5):
        casts(link, "4711", key=str(number), body=f"Cast gear {number}")
    assert len(why(ada, "Cast gear").findings) == 2


def test_a_body_that_is_broken_breaks_nothing(missing, ada):
    Receipt.objects.update(request=b"not compressed at all")
    assert why(ada, "gear").findings == ()


def test_what_is_not_processed_yet_is_found(missing, ada):
    Receipt.objects.update(state="due", read_for=0)
    assert why(ada, "castings/12").first.result == "waiting"


def test_too_little_is_not_looked_for(missing, ada):
    found = why(ada, "ca")
    assert (found.findings, found.scan) == ((), None)
    assert found.sentence == "That is too short to look for. Nothing was looked through."


# Who may see what.


def test_who_may_not_read_a_hook_does_not_find_out_what_is_in_it(missing, grace):
    found = why(grace, "Cast a gear")
    assert found.findings == ()
    assert "only who made a link, and the admins of its team" in found.scan.sentence
    assert found.scan.looked == 0


def test_who_may_not_read_a_hook_is_not_led_to_it(missing, grace):
    receipt = next(f for f in why(grace, "octo-jo").findings if f.steps[0].startswith("Received"))
    assert receipt.path == ""
    assert receipt.remedy.path.startswith("/t/analytical-engines/unclaimed#person-")


def test_secrets_are_not_found_letter_by_letter(link, ada, team):
    casts(link, "4711", key="1", body="Cast a gear")
    (row,) = Receipt.objects.all()
    for body in (b'{"body": "Cast", "token": "hunter2"}', b"token=hunter2"):
        head = b'{"headers": {"x-api-key": "hunter2"}, "method": "POST", "query": ""}\n'
        row.request = scan.zstandard.compress(head + body)
        row.save()
        assert why(ada, "hunter").findings == ()
        assert why(ada, "token").first is not None


@pytest.mark.parametrize(
    "asked",
    ["octo-jo", "delivery-7", "Cast a gear", "{address}", "/receipts/{receipt}", "{entry}", "roof"],
)
def test_an_outsider_finds_nothing(as_mallory, missing, mallory, entry, address, asked):
    text = asked.format(address=address, receipt=missing.pk, entry=entry.hash_id)
    assert why(mallory, text).findings == ()
    page = shown(as_mallory.get("/why", {"q": text}))
    assert "Received" not in page and "Analytical Engines" not in page


def test_the_page_of_a_team_is_its_members(as_mallory, as_grace, missing):
    asked = {"q": "octo-jo", "team": "analytical-engines"}
    assert as_mallory.get("/why", asked).status_code == 404
    assert "octo-jo at Foundry" in shown(as_grace.get("/why", asked))


def test_one_team_of_several_is_looked_into(missing, ada, mallory, team):
    elsewhere = mallory.teams.get(slug="night-shift")
    elsewhere.join(ada)
    assert answer("octo-jo", Sight.of(ada, team=elsewhere)).findings == ()
    assert "of Analytical Engines" in why(ada, "delivery-7").sentence


# The page.


def test_the_page_says_the_sentence_first_and_then_what_to_do(as_ada, missing, address):
    response = shown(as_ada.get("/why", {"q": address, "team": "analytical-engines"}))
    sentence = response.index("Nobody in this team is known as octo-jo.")
    assert sentence < response.index("Say who octo-jo is")
    assert 'href="/receipts/' in response


def test_without_a_question_it_says_what_can_be_asked(as_ada, team):
    page = shown(as_ada.get("/why"))
    assert "Something missing?" in page and "Paste the address of a page" in page


@pytest.mark.parametrize("before", ["x", "-1", "9" * 40, "9" * 5000])
def test_a_place_that_nobody_handed_out_breaks_nothing(as_ada, missing, before):
    assert as_ada.get("/why", {"q": "gear", "before": before}).status_code == 200


# Every end, with its fix.

FIXES = {
    Reason.NO_PERSON: ("match", "unclaimed"),
    Reason.NOT_IN_TEAM: ("add_member", "people"),
    Reason.LINK_PAUSED: ("replay", "replay"),
    Reason.FAILED: ("replay", "replay"),
    Reason.STORM_HELD: ("replay", "replay"),
    Reason.FILTERED: ("edit_rules", "edit"),
    Reason.BOT: ("edit_rules", "edit"),
    Reason.PRIVATE: ("edit_rules", "edit"),
    Reason.NO_LINK: ("link_it", "integrations/foundry/link"),
    Reason.UNREADABLE: ("check_format", "links/"),
    Reason.LINK_REMOVED: ("remove_there", "integrations"),
    Reason.STAYS_DELETED: ("see_entry", "e/"),
}


@pytest.mark.parametrize("reason", list(ENDINGS))
def test_every_end_leads_to_its_fix(as_ada, missing, ada, entry, reason):
    Receipt.objects.update(
        outcome=reason, why="", entry=entry.hash_id * (reason == "stays_deleted")
    )
    (found,) = (f for f in why(ada, "delivery-7").findings)
    assert (found.result, found.ending) == (reason, ENDINGS[reason])
    assert found.steps[-1].startswith(ENDINGS[reason].sentence.rstrip("."))
    fix, there = FIXES.get(reason, (None, ""))
    assert (found.remedy.fix.code if found.remedy else None) == fix
    if found.remedy:
        assert there in found.remedy.path
        method = as_ada.post if found.remedy.posts else as_ada.get
        path = found.remedy.path.partition("#")[0]
        assert method(path, found.remedy.fields).status_code in (200, 302)


def test_what_a_storm_holds_leads_to_who_decides(missing, ada, link):
    Receipt.objects.update(state="held", outcome=Reason.STORM_HELD, why="", read_for=link.pk)
    found = why(ada, "delivery-7").first
    assert (found.result, found.ending.word) == ("in_storm", "Held")
    assert (found.remedy.fix.code, found.remedy.path) == ("decide", f"/links/{link.hash_id}")


def test_a_link_that_is_paused_still_is_resumed(as_ada, missing, ada, link):
    link.pause()
    Receipt.objects.update(outcome=Reason.LINK_PAUSED, why="")
    remedy = why(ada, "delivery-7").first.remedy
    assert (remedy.fix.code, remedy.path) == ("resume", f"/links/{link.hash_id}/resume")


def test_a_link_that_has_to_be_reconnected_is(missing, ada, link):
    IntegrationUser.objects.get(uid="1815").needs_reconnect("It was revoked there.")
    Receipt.objects.update(outcome=Reason.DISCONNECTED, why="")
    remedy = why(ada, "delivery-7").first.remedy
    assert (remedy.fix.code, remedy.path) == ("reconnect", "/auth/foundry")
    assert remedy.fields == {"link": link.hash_id}
    assert remedy.facts()["url"].endswith(f"/links/{link.hash_id}")


def test_who_may_not_press_is_told_whom_to_ask(missing, grace):
    Receipt.objects.update(outcome=Reason.FILTERED, why="")
    remedy = why(grace, "delivery-7").first.remedy
    assert remedy.path == "" and remedy.advice.endswith("Ask Ada Lovelace.")


def test_of_a_removed_link_nothing_can_be_put_right(missing, ada, link):
    link.remove()
    assert why(ada, "delivery-7").first.remedy is None


# After the fix.


def test_what_came_in_a_pause_is_logged_when_the_link_is_resumed_so(as_ada, link, ada):
    link.pause()
    casts(link, body="Cast in the pause")
    page = shown(as_ada.get(f"/links/{link.hash_id}"))
    assert "Resume, and log the 1 that came" in page
    said = as_ada.post(f"/links/{link.hash_id}/resume", {"replay": "yes"}, follow=True)
    assert "ada/engine runs again." in shown(said)
    job = Job.objects.get()
    assert said.redirect_chain[-1][0] == job.get_absolute_url() and job.total == 1
    work_off()
    assert Entry.objects.get().body == "Cast in the pause"


@pytest.mark.django_db(transaction=True)
def test_who_is_let_into_the_team_finds_what_they_did_logged(
    link, team, mallory, world, as_mallory
):
    connect(as_mallory, world, who="1906")
    casts(link, "1906", body="Cast from outside")
    assert Receipt.objects.get().outcome == Reason.NOT_IN_TEAM
    seat = team.join(mallory, Membership.Role.OBSERVER)
    work()
    assert not Entry.objects.exists()
    seat.become(Membership.Role.MEMBER)
    work()
    assert (Entry.objects.get().body, Entry.objects.get().user) == ("Cast from outside", mallory)


@pytest.mark.django_db(transaction=True)
def test_who_is_let_into_one_team_changes_nothing_in_another(as_ada, link, grace, mallory):
    casts(link, "1906", body="Cast from outside")
    create(as_ada, by="hand", forge="babbage/mill")
    before = Receipt.objects.values().get()
    mallory.teams.get(slug="night-shift").join(grace)
    assert Receipt.objects.values().get() == before
