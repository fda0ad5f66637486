"""Webhooks at GitHub that somebody deleted, switched off or edited there are put right."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from idonethis.integrations.models import IntegrationLink, RegisteredHook, Repair, reconciling
from idonethis.integrations.tests.clock import Clock
from idonethis.partners.github.integration import READERS
from idonethis.partners.github.pretending import ENGINE

pytestmark = pytest.mark.django_db


def look_after() -> None:
    """One cycle of what the server does about daily."""
    RegisteredHook.objects.update(check_at=timezone.now())
    reconciling.drain()


def notes() -> list[str]:
    return list(Repair.objects.order_by("pk").values_list("kind", flat=True))


@pytest.fixture
def hook(link) -> RegisteredHook:
    return link.registered_hook


@pytest.fixture
def clock(monkeypatch) -> Clock:
    return Clock.of(monkeypatch)


def assert_whole(github, hook, who="ada") -> None:
    hook.refresh_from_db()
    [standing] = github.hooks(who)
    assert str(standing["id"]) == hook.remote_id
    assert standing["active"] and set(standing["events"]) == set(READERS)
    config = standing["config"]
    assert (config["url"], config["content_type"]) == (hook.url, "json")
    assert config["secret"] == "********" and config["insecure_ssl"] == "0"


def test_a_webhook_that_is_as_it_should_be_is_left_alone(github, hook):
    look_after()
    assert notes() == []
    asked = [call for call in github.journal("*/hooks*") if call["method"] != "GET"]
    assert len(asked) == 1, "only the one that made it"
    hook.refresh_from_db()
    assert timedelta(hours=19) < hook.check_at - timezone.now() < timedelta(hours=29)


def test_one_that_was_deleted_is_made_again(github, hook):
    github.act("delete_hook", hook=hook.remote_id)
    look_after()
    assert_whole(github, hook)
    assert notes() == ["made_again"]


EDITS = [
    ({"active": "no"}, ["switched_on"]),
    ({"events": "push"}, ["events"]),
    ({"events": "*"}, ["events"]),
    ({"url": "https://elsewhere.example.org/hook"}, ["address"]),
    ({"active": "no", "events": "push,issues"}, ["switched_on", "events"]),
]


@pytest.mark.parametrize(("edit", "kinds"), EDITS)
def test_one_that_was_edited_is_put_right_in_one_cycle(github, hook, edit, kinds):
    github.act("edit_hook", hook=hook.remote_id, **edit)
    look_after()
    assert_whole(github, hook)
    assert notes() == kinds
    look_after()
    assert notes() == kinds


def test_one_whose_name_was_lost_is_found_by_its_address(github, hook):
    name = hook.remote_id
    RegisteredHook.objects.update(remote_id="")
    look_after()
    hook.refresh_from_db()
    assert hook.remote_id == name and notes() == []


def test_another_content_type_is_put_right(github, hook, accounts):
    path = f"/repos/{ENGINE}/hooks/{hook.remote_id}"
    accounts["ada"].client().patch(path, json={"config": {"url": hook.url, "content_type": "form"}})
    look_after()
    assert_whole(github, hook)
    assert notes() == ["settings"]


def test_what_comes_up_again_and_again_is_one_note(github, hook):
    for _ in range(3):
        github.act("edit_hook", hook=hook.remote_id, active="no")
        look_after()
    assert [(r.kind, r.count) for r in Repair.objects.all()] == [("switched_on", 3)]


def test_who_may_no_longer_administer_the_repository_is_told_what_to_do(github, hook, link):
    github.act("permit", account="ada", repository=ENGINE, level="push")
    look_after()
    link.refresh_from_db()
    assert link.state == "needs_permission"
    assert "One of them must connect their account here" in link.trouble
    github.act("permit", account="ada", repository=ENGINE, level="admin")
    look_after()
    link.refresh_from_db()
    assert (link.state, link.trouble) == ("active", "")


def test_a_repository_that_is_gone_says_so_and_leaves_the_choice(github, hook, link):
    github.act("delete_repository", repository=ENGINE)
    look_after()
    link.refresh_from_db()
    assert link.state == "needs_permission"
    assert "If it was deleted, remove the link" in link.trouble


def test_a_webhook_that_is_gone_and_cannot_be_made_is_missing(github, hook, link):
    github.act("delete_hook", hook=hook.remote_id)
    others = github.client_of("grace", "repo", "admin:repo_hook")
    for number in range(20):
        config = {"url": f"https://example.org/{number}", "content_type": "json"}
        body = {"config": config, "events": ["push"]}
        made = others.post(f"/repos/{ENGINE}/hooks", json=body).json
    look_after()
    link.refresh_from_db()
    assert link.state == "remote_missing" and "20 webhooks" in link.trouble
    others.delete(f"/repos/{ENGINE}/hooks/{made['id']}")
    link.resume()
    look_after()
    link.refresh_from_db()
    assert link.state == "active" and notes() == ["made_again"]


def test_a_partner_that_does_not_answer_changes_nothing_and_is_asked_again_soon(github, hook, link):
    github.act("faults", path="*/hooks", fault="500")
    look_after()
    link.refresh_from_db()
    hook.refresh_from_db()
    assert (link.state, hook.trouble) == ("active", "")
    assert hook.check_at - timezone.now() < timedelta(minutes=16)


def test_another_admin_s_account_looks_after_it_where_ours_may_not(
    github, hook, link, accounts, team, grace
):
    team.memberships.filter(user=grace).update(role="admin")
    github.act("permit", account="ada", repository=ENGINE, level="push")
    github.act("edit_hook", hook=hook.remote_id, active="no")
    look_after()
    assert_whole(github, hook, who="grace")
    link.refresh_from_db()
    assert (link.state, hook.integration_user) == ("active", accounts["grace"])


def test_a_link_that_is_removed_while_github_is_down_for_two_hours_goes_in_the_end(
    github, hook, link, clock
):
    github.act("faults", path="*/hooks*", fault="500", times=0)
    link.remove()
    until, tries = timezone.now() + timedelta(hours=2), 0
    while timezone.now() < until:
        tries += RegisteredHook.drain()
        clock.shift(timedelta(seconds=30))
    assert github.world_hooks() and 4 <= tries <= 6
    assert IntegrationLink.objects.get().state == "removing"

    github.act("faults/clear")
    until = timezone.now() + timedelta(hours=3)
    while RegisteredHook.objects.exists() and timezone.now() < until:
        RegisteredHook.drain()
        clock.shift(timedelta(minutes=1))
    assert github.world_hooks() == []
    assert IntegrationLink.objects.get().state == "removed"
