"""A log that leaves a server and comes to a fresh one is there as it was, byte for byte."""

from __future__ import annotations

import json

import pytest

from idonethis.accounts.models import ApiToken, User
from idonethis.entries.drafts import Detail, Growing, Origin
from idonethis.entries.models import Comment, Entry, Source
from idonethis.integrations.models import IntegrationUser
from idonethis.porting.tests.moves import (
    bring,
    nobody_left,
    of_server,
    of_team,
    said,
    settled,
    undo,
)
from idonethis.teams.models import Team

pytestmark = pytest.mark.django_db


def kinds(content):
    return [json.loads(line)["kind"] for line in content.splitlines()]


def test_a_whole_server_comes_to_a_fresh_one_byte_for_byte(full):
    content = of_server()
    assert {"idonethis", "person", "team", "membership", "entry"} == set(kinds(content))
    nobody_left()
    assert not Entry.objects.exists()
    settled(content)
    assert of_server() == content


def test_a_team_comes_to_a_fresh_server_byte_for_byte(full):
    content, slug = of_team(full), full.slug
    nobody_left()
    settled(content)
    assert of_team(Team.objects.get(slug=slug)) == content


def test_what_was_tied_is_tied_again(full):
    content = of_server()
    nobody_left()
    settled(content)
    goal = Entry.objects.get(kind="goal", completed_on__isnull=False)
    assert goal.completed_by.kind == "done"
    pushed = Entry.objects.get(created_by="acme")
    assert [each.text for each in pushed.details] == ["Cast a cog", "Oil"]


def test_a_push_that_comes_again_after_the_move_is_known(full):
    content, slug = of_team(full), full.slug
    nobody_left()
    settled(content)
    team = Team.objects.get(slug=slug)
    again = Growing(
        body="Pushed {count}", key="acme:push", details=(Detail("acme:c1", "Cast a cog"),)
    )
    before = Entry.objects.count()
    ada = User.objects.get(nickname="ada")
    Source.objects.tell(again, team=team, user=ada, origin=Origin("acme"))
    assert Entry.objects.count() == before


def test_brought_in_twice_it_is_there_once(full):
    content = of_server()
    nobody_left()
    settled(content)
    settled(content)
    assert of_server() == content


def test_brought_into_the_server_that_it_is_of_it_changes_nothing(full):
    content = of_server()
    settled(content)
    assert of_server() == content


def test_what_opens_a_door_is_not_in_it(full, ada, link):
    row, token = ApiToken.objects.make(ada, name="All", scopes=["read"])
    account = IntegrationUser.objects.get(user=ada)
    account.secrets = {"access_token": "canary-token"}
    account.save()
    invitation = full.invitations.create(invited_by=ada)
    content = of_server().decode()
    secrets = [token, row.hash_id, ada.password, "canary-token", account.sealed]
    for secret in [*secrets, link.hook_token, link.sealed_secret, invitation.token]:
        assert not secret or secret not in content


def test_nobody_administers_a_server_by_a_file(full, ada):
    ada.administer()
    content = of_server()
    nobody_left()
    settled(content)
    assert not User.objects.filter(is_superuser=True).exists()
    assert not User.objects.get(nickname="ada").has_usable_password()


def test_a_team_s_archive_says_no_more_of_people_than_its_members_see(full):
    content = of_team(full).decode()
    assert "lovelace.example" not in content and "Europe/London" not in content
    assert "Alone" not in content and "Taken back" not in content and "Broke" not in content


def test_an_archive_of_a_team_proves_nobodys_address(full):
    content = of_team(full)
    nobody_left()
    settled(content)
    assert not User.objects.get(nickname="ada").emailaddress_set.filter(verified=True).exists()


def test_into_another_team_of_the_same_server_it_comes_under_new_names(full, ada, grace):
    other = Team.objects.found("Mills", admin=ada)
    other.join(grace)
    job = bring(other, of_team(full))
    assert said(other) == said(full)
    names = Entry.objects.values_list("hash_id", flat=True)
    assert len(set(names)) == len(names)
    assert bring(other, of_team(full)).results == {"same": job.results["new"]}


def test_undone_it_is_as_if_it_had_never_come(full, ada, grace):
    other = Team.objects.found("Mills", admin=ada)
    other.join(grace)
    before = of_server()
    job = bring(other, of_team(full))
    assert of_server() != before
    assert set(undo(job).results) == {"removed"}
    assert of_server() == before


def test_a_comment_since_keeps_its_entry(full, ada, grace):
    other = Team.objects.found("Mills", admin=ada)
    other.join(grace)
    job = bring(other, of_team(full))
    entry = Entry.objects.for_team(other).get(body="=1+2")
    Comment.objects.create(entry=entry, user=ada, body="Mine")
    assert undo(job).results["kept"] == 1
    assert said(other) == [("ada", "done", "=1+2")]


def test_what_has_come_in_by_itself_since_survives_the_undo(full, ada, grace):
    other = Team.objects.found("Mills", admin=ada)
    other.join(grace)
    job = bring(other, of_team(full))
    again = Growing(
        body="Pushed {count} commit{s}", key="acme:push", details=(Detail("acme:c1", "Cast a cog"),)
    )
    Source.objects.tell(again, team=other, user=ada, origin=Origin("acme"))
    undo(job)
    assert [who for who, _, _ in said(other)] == ["ada"]
    assert Entry.objects.for_team(other).alive().get().created_by == "acme"


def test_an_entry_to_which_another_import_has_added_something_survives_the_undo(full, ada, grace):
    other = Team.objects.found("Mills", admin=ada)
    other.join(grace)
    job = bring(other, of_team(full))
    entry = Entry.objects.for_team(other).get(body="=1+2")
    Source.objects.create(team=other, entry=entry, key="acme:c9", imported="another")
    assert undo(job).results["kept"] == 1
    assert [body for _, _, body in said(other)] == ["=1+2"]


def test_by_a_page_no_person_is_made_and_nobody_elsewhere_is_anybody(full, mallory):
    elsewhere = Team.objects.found("Evil Engines", admin=mallory)
    job = bring(elsewhere, of_team(full))
    assert set(job.results) == {"waiting"} and said(elsewhere) == []
    assert User.objects.count() == 3


def test_a_file_that_claims_to_know_somebody_is_not_believed(full, ada, mallory):
    """By the name of their row alone nobody is anybody."""
    forged = of_team(full).replace(b"grace@example.org", b"evil@example.net")
    other = Team.objects.found("Mills", admin=ada)
    other.join(User.objects.get(nickname="grace"))
    bring(other, forged)
    assert {who for who, _, _ in said(other)} == {"ada"}
