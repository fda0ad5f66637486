"""A webhook that we cannot remove, and the person who removes it in our place."""

from __future__ import annotations

import pytest
from django.utils import timezone

from idonethis.integrations.models import RegisteredHook
from idonethis.integrations.tests.web.conftest import connect, create
from idonethis.integrations.tests.web.test_link_page import shown

pytestmark = pytest.mark.django_db

SETTINGS = "/t/analytical-engines/integrations"


def try_to_remove(times: int) -> None:
    for _ in range(times):
        RegisteredHook.objects.update(due_at=timezone.now())
        RegisteredHook.drain()


@pytest.fixture
def leaving(as_ada, link, world) -> RegisteredHook:
    """Its link is removed, and the partner does not answer."""
    world.out = 503
    as_ada.post(link.delete_path)
    return link.registered_hook


def gone(browser, hook):
    return browser.post(f"/hooks/{hook.hash_id}/gone", follow=True)


def test_after_some_tries_the_page_says_how_to_do_it_by_hand(as_ada, leaving, foundry):
    try_to_remove(3)
    assert "by hand" not in shown(as_ada.get(SETTINGS))
    try_to_remove(1)
    page = shown(as_ada.get(SETTINGS))
    assert "Remove it by hand" in page and leaving.url in page
    assert f'href="{foundry.address("web")}/ada/engine/hooks"' in page


def test_where_no_account_is_left_it_says_so_at_once(as_ada, leaving, account):
    account.delete()
    try_to_remove(1)
    assert "It is gone" in shown(as_ada.get(SETTINGS))


def test_what_a_person_says_is_gone_is_tried_no_more(as_ada, leaving, world):
    try_to_remove(4)
    page = shown(gone(as_ada, leaving))
    assert "The webhook of ada/engine at Foundry is not tried any more." in page
    assert "has not confirmed" not in page
    assert not RegisteredHook.objects.exists()


def test_a_webhook_that_stands_is_not_gone_because_somebody_says_so(as_ada, link):
    assert gone(as_ada, link.registered_hook).status_code == 404
    assert RegisteredHook.objects.standing().exists()


def test_only_who_managed_the_link_says_so(as_grace, as_mallory, leaving):
    try_to_remove(4)
    assert "It is gone" not in shown(as_grace.get(SETTINGS))
    for browser in (as_grace, as_mallory):
        assert gone(browser, leaving).status_code == 404
    assert RegisteredHook.objects.exists()


def test_a_member_says_it_of_their_own(as_grace, account, world):
    connect(as_grace, world, who="1906")
    create(as_grace)
    hook, world.out = RegisteredHook.objects.get(), 503
    as_grace.post(hook.links.get().delete_path)
    try_to_remove(4)
    assert "is not tried any more" in shown(gone(as_grace, hook))
