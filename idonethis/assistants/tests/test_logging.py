"""What assistants log: drafts that their person alone sees, or entries, where they are let in to
write."""

from __future__ import annotations

from datetime import timedelta

import pytest

from idonethis.assistants.tests.assistants import Assistant
from idonethis.entries.models import Entry
from idonethis.integrations.models import Suggestion
from idonethis.integrations.models.deciding import decide, wait_again
from idonethis.integrations.values import Verdict
from idonethis.teams.models import Role

pytestmark = pytest.mark.django_db
SAID = "[x] Turned the crank #mill @grace"


@pytest.fixture
def drafter(ada, team):
    return Assistant.of(ada)


@pytest.fixture
def writer(ada, team):
    return Assistant.of(ada, "read", "write")


def logged():
    return list(Entry.objects.alive().order_by("pk").values_list("body", flat=True))


# Drafts


def test_what_is_logged_is_a_draft_that_nobody_else_sees(drafter, team, ada, as_ada, as_grace):
    told = drafter.calls("log", text=SAID, team=team.hash_id)
    assert told["state"] == "draft" and "draft" in told["says"]
    entry = told["entry"]
    assert (entry["status"], entry["day"]) == ("done", str(ada.today()))
    assert entry["untrusted"]["tags"] == ["mill"]
    assert entry["page"].endswith("/me#suggested")
    assert logged() == []
    for page in (team.get_absolute_url(), "/me"):
        mine = as_ada.get(page).content
        assert b"Turned the crank" in mine and b"from My assistant" in mine
        assert b"Turned the crank" not in as_grace.get(page).content


def test_a_yes_logs_it_on_its_day_with_its_tags_and_mentions(drafter, team, ada, grace):
    day = ada.today() - timedelta(days=2)
    drafter.calls("log", text=SAID, team=team.hash_id, day=str(day))
    decide(Suggestion.objects.of(ada), Verdict.ACCEPT)
    entry = Entry.objects.get()
    assert (entry.body, entry.kind, entry.occurred_on) == (SAID[4:], "done", day)
    assert (entry.created_by, entry.origin_label, entry.user) == ("api", "My assistant", ada)
    assert [tag.name for tag in entry.tags.all()] == ["mill"]
    assert list(entry.mentioned.all()) == [grace]


def test_a_goal_may_be_for_a_day_to_come(drafter, team, ada):
    day = ada.today() + timedelta(days=2)
    drafter.calls("log", text="[] Oil the mill", day=str(day), team=team.hash_id)
    decide(Suggestion.objects.of(ada), Verdict.ACCEPT)
    assert (Entry.objects.get().kind, Entry.objects.get().occurred_on) == ("goal", day)


def test_a_yes_on_the_page_is_undone_there(drafter, team, ada, as_ada):
    drafter.calls("log", text=SAID, team=team.hash_id)
    name = Suggestion.objects.get().hash_id
    as_ada.post("/suggestions/accept", {"name": name})
    assert logged() == [SAID[4:]]
    wait_again(Suggestion.objects.of(ada))
    assert logged() == [] and Suggestion.objects.get().state == "pending"
    decide(Suggestion.objects.of(ada), Verdict.ACCEPT)
    assert logged() == [SAID[4:]]


def test_a_no_stays_a_no(drafter, team, ada):
    said = {"text": SAID, "team": team.hash_id, "key": "crank"}
    drafter.calls("log", **said)
    decide(Suggestion.objects.of(ada), Verdict.DISMISS)
    assert "Nothing was logged" in drafter.refused("log", **said)
    assert "Nothing was logged" in Assistant.of(ada, "write").refused("log", **said)
    assert logged() == []


def test_the_same_key_is_the_same_draft_and_afterwards_the_same_entry(drafter, team, ada):
    said = {"text": SAID, "team": team.hash_id, "key": "crank"}
    first, again = drafter.calls("log", **said), drafter.calls("log", **said)
    assert first["entry"] == again["entry"] and Suggestion.objects.count() == 1
    decide(Suggestion.objects.of(ada), Verdict.ACCEPT)
    told = drafter.calls("log", **said)
    assert told["state"] == "logged" and "before" in told["says"]
    assert logged() == [SAID[4:]]


def test_without_a_key_two_are_two(drafter, team):
    for _ in range(2):
        drafter.calls("log", text="Called", team=team.hash_id)
    assert Suggestion.objects.count() == 2


# At once


def test_who_may_write_logs_at_once(writer, team, ada):
    entry = writer.logs(SAID, team)
    assert (entry.body, entry.kind, entry.user, entry.team) == (SAID[4:], "done", ada, team)
    assert (entry.created_by, entry.origin_label) == ("api", "My assistant")


def test_the_same_key_is_one_entry(writer, team):
    first, again = (writer.logs(SAID, team, key="crank") for _ in range(2))
    assert first == again and logged() == [SAID[4:]]


def test_what_waited_is_logged_by_who_may_write(writer, drafter, team):
    drafter.calls("log", text=SAID, team=team.hash_id, key="crank")
    writer.logs(SAID, team, key="crank")
    assert logged() == [SAID[4:]] and Suggestion.objects.get().state == "accepted"


def test_what_was_removed_is_not_logged_again(writer, drafter, team, ada):
    writer.logs(SAID, team, key="crank").delete_softly(by=ada)
    for each in (writer, drafter):
        assert "removed" in each.refused("log", text=SAID, team=team.hash_id, key="crank")
    assert logged() == [] and not Suggestion.objects.exists()


def test_whoever_starts_it_may_hold_it_to_drafts(writer, team):
    writer.headers["Idonethis-Only-Drafts"] = "1"
    assert writer.calls("log", text=SAID, team=team.hash_id)["state"] == "draft"
    assert "complete" not in writer.offered()


@pytest.mark.parametrize(
    ("text", "status", "kind"),
    [
        ("Turned it", "done", "done"),
        ("Turn it", "goal", "goal"),
        ("[] Turn it", "done", "goal"),
        ("[x] Turned it", "goal", "done"),
        ("! No oil", "done", "blocked"),
    ],
)
def test_a_mark_counts_for_more_than_a_status(writer, team, text, status, kind):
    assert writer.logs(text, team, status=status).kind == kind


# What is refused


@pytest.mark.parametrize("team_said", ["{}", "Analytical Engines", "analytical engines"])
def test_a_team_is_named_by_its_id_or_name(writer, team, team_said):
    told = writer.calls("log", text=SAID, team=team_said.format(team.hash_id))
    assert told["entry"]["team_id"] == team.hash_id


def test_the_only_team_need_not_be_named(writer, team, ada):
    assert writer.calls("log", text=SAID)["entry"]["team_id"] == team.hash_id
    type(team).objects.found("Mill", admin=ada)
    assert "which team" in writer.refused("log", text=SAID)
    assert len(logged()) == 1


@pytest.mark.parametrize("text", ["[x]", " ", "x" * 2001])
def test_nothing_and_too_much_are_refused(writer, team, text):
    assert "Nothing was logged" in writer.refused("log", text=text, team=team.hash_id)


def test_who_only_reads_logs_nothing(ada, team, grace):
    team.memberships.filter(user=grace).update(role=Role.OBSERVER)
    for scopes in (("draft",), ("write",)):
        refused = Assistant.of(grace, *scopes).refused("log", text=SAID, team=team.hash_id)
        assert "only read" in refused
    assert logged() == [] and not Suggestion.objects.exists()


@pytest.mark.parametrize("named", ["hash_id", "name"])
def test_mallory_logs_nothing_in_a_team_that_is_not_hers(mallory, team, named):
    for scopes in (("draft",), ("write",)):
        refused = Assistant.of(mallory, *scopes).refused(
            "log", text=SAID, team=getattr(team, named)
        )
        assert "no such team" in refused
    assert logged() == [] and not Suggestion.objects.exists()


def test_a_key_of_mallory_is_not_that_of_ada(writer, mallory, team):
    entry = writer.logs(SAID, team, key="crank")
    team.join(mallory)
    other = Assistant.of(mallory, "write").logs("Sold the mill", team, key="crank")
    assert other != entry and logged() == [SAID[4:], "Sold the mill"]


def test_who_only_reads_by_token_is_refused_and_not_offered(ada, team):
    reader = Assistant.of(ada, "read")
    assert "log" not in reader.offered()
    assert "scope draft or write" in reader.refused("log", text=SAID, team=team.hash_id)
    assert "scope write" in Assistant.of(ada).refused("complete", entry="0" * 12)
    assert logged() == []
