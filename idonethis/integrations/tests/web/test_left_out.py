"""What was put right brings what it has left out, once the person says so, in the same flow."""

from __future__ import annotations

import re

import pytest
from django.utils import timezone

from idonethis.entries.drafts import Draft
from idonethis.entries.models import Entry
from idonethis.integrations.http import NeedsPermission
from idonethis.integrations.models import Delivery, IntegrationUser, Job, Receipt, Refusal
from idonethis.integrations.models.left_out import TRIED, left_out
from idonethis.integrations.tests.coming import work_off
from idonethis.integrations.tests.web.conftest import casts, connect, decide
from idonethis.integrations.values import Reason

pytestmark = pytest.mark.django_db

CHOSEN = {"forge": "ada/engine", "metals": ["iron"]}


def shown(response):
    return re.sub(r"\s+", " ", response.content.decode())


def save(browser, link, **rules):
    return shown(browser.post(f"/links/{link.hash_id}/edit", CHOSEN | rules, follow=True))


def pressed(browser, page, label):
    """What comes of the button with these words, sent with all that stands in its form."""
    plain = re.sub(r"<svg.*?</svg>", "", page)
    form = next(each for each in plain.split("<form")[1:] if f">{label}</button>" in each)
    form = form.partition("</form>")[0]
    fields = re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', form)
    button = re.search(rf'<button[^>]*?(?: name="(\w+)" value="(\w+)")?>{label}<', form)
    said = {name: [value for n, value in fields if n == name] for name, _ in fields}
    said |= {button[1]: button[2]} if button[1] else {}
    return browser.post(re.search(r'action="([^"]+)"', form)[1], said)


def log():
    return sorted(Entry.objects.alive().values_list("body", flat=True))


# Rules.


@pytest.fixture
def filtered(link, grace, as_ada):
    """Two castings of Grace's that the rules left out, and one of Ada's that they did not."""
    IntegrationUser.objects.create(integration_type="foundry", uid="1906", user=grace)
    save(as_ada, link, who="except", people=[grace.hash_id])
    casts(link, "1906", key="1", body="Cast a wheel")
    casts(link, "1815", key="2", body="Cast a gear")
    casts(link, "1906", key="3", body="Cast a bell")
    assert log() == ["Cast a gear"]
    return link


def test_after_the_rules_were_changed_what_they_had_left_out_is_offered(as_ada, filtered):
    page = save(as_ada, filtered)
    assert "2 of the last events that were left out would be in the log now." in page
    assert "Cast a wheel" in page and "Cast a bell" in page and "Log them" in page
    assert "would be something else" not in page and log() == ["Cast a gear"]
    pressed(as_ada, page, "Log them")
    work_off()
    assert log() == ["Cast a bell", "Cast a gear", "Cast a wheel"]
    assert Job.objects.get().total == 2


def test_all_of_it_can_be_looked_at_first(as_ada, filtered):
    plan = shown(pressed(as_ada, save(as_ada, filtered), "See all of them"))
    assert '<strong class="num">2</strong> entries made' in plan
    assert log() == ["Cast a gear"] and not Job.objects.exists()


def test_what_they_still_leave_out_is_not_offered(as_ada, filtered, grace):
    page = save(as_ada, filtered, who="except", people=[grace.hash_id], metals=["iron", "brass"])
    assert "left out would be" not in page


def test_what_came_after_the_page_was_made_is_not_read_with_it(as_ada, filtered, grace):
    page = save(as_ada, filtered)
    save(as_ada, filtered, who="except", people=[grace.hash_id])
    casts(filtered, "1906", key="4", body="Cast a rod")
    filtered.refresh_from_db()
    filtered.config |= {"who": "everybody", "people": []}
    filtered.save()
    pressed(as_ada, page, "Log them")
    work_off()
    assert "Cast a rod" not in log() and "Cast a bell" in log()


def test_what_else_would_change_in_the_log_is_told_apart(as_ada, filtered, ada):
    page = save(as_ada, filtered, who="except", people=[ada.hash_id])
    assert "1 of the last events would be something else in the log by these settings." in page
    assert "2 of the last events that were left out would be in the log now." in page


def test_a_paused_link_offers_nothing(as_ada, filtered):
    filtered.pause()
    assert "left out would be" not in save(as_ada, filtered)
    filtered.refresh_from_db()
    assert left_out(filtered) is None


def test_nobody_is_offered_what_they_may_not_do(as_ada, as_grace, filtered):
    save(as_ada, filtered)
    path = f"/links/{filtered.hash_id}?left_out=1"
    assert "Log them" in shown(as_ada.get(path))
    assert "left out would be" not in shown(as_grace.get(path))


def test_only_the_last_are_tried(filtered, as_ada, grace):
    save(as_ada, filtered)
    filtered.refresh_from_db()
    first = Receipt.objects.filter(outcome=Reason.FILTERED).earliest("pk")
    plan = left_out(filtered)
    assert plan.total == 2 and plan.selection.after == first.pk - 1
    assert TRIED < 1000


def test_of_what_it_would_suggest_to_others_nothing_is_told(as_ada, filtered):
    page = save(as_ada, filtered, how="suggest")
    assert "2 of the last events that were left out" in page
    assert "Cast a wheel" not in page.partition("left out")[2].partition("</form>")[0]


# A permission.


@pytest.fixture
def held(link, team, ada, world):
    """It may not be posted, and waits."""
    world.out = 403
    Entry.objects.log(Draft(body="Oiled the mill"), team=team, user=ada)
    Delivery.drain()
    world.out = None
    return Delivery.objects.get()


def test_a_permission_that_is_missing_is_asked_for_from_where_it_is_missed(
    as_ada, held, world, foundry
):
    page = shown(as_ada.get(f"/deliveries/{held.pk}"))
    assert "Ask for the permission there." in page
    policy = as_ada.get(f"/deliveries/{held.pk}")["Content-Security-Policy"]
    assert foundry.address("web") in policy
    there = pressed(as_ada, page, "Ask for the permission")["Location"]
    assert there.startswith(f"{foundry.address('web')}/authorize?")
    back = as_ada.get(decide(there))
    assert back["Location"] == f"/links/{held.link.hash_id}"
    Delivery.drain()
    held.link.refresh_from_db()
    assert held.link.state == "active"
    assert list(world.posts.values()) == ["Oiled the mill"]


def test_and_is_missed_again_where_it_was_not_given(as_ada, held, world):
    page = shown(as_ada.get(f"/deliveries/{held.pk}"))
    there = pressed(as_ada, page, "Ask for the permission")["Location"]
    as_ada.get(decide(there))
    world.out = 403
    Delivery.drain()
    held.link.refresh_from_db()
    assert held.link.state == "needs_permission" and not world.posts


def test_whose_account_may_do_it_takes_the_link_over(as_ada, held, world, link, team, ada):
    other = IntegrationUser.objects.get(uid="1815")
    world.people["1852"] = "ada-second"
    page = shown(as_ada.get(f"/deliveries/{held.pk}"))
    world.signed_in = "1852"
    there = pressed(as_ada, page, "Ask for the permission")["Location"]
    as_ada.get(decide(there))
    link.refresh_from_db()
    assert link.integration_user.uid == "1852" and link.integration_user != other
    assert link.state == "active"


def test_to_connect_for_something_else_gives_no_permission(as_ada, held, world):
    connect(as_ada, world)
    held.link.refresh_from_db()
    assert held.link.state == "needs_permission"


def test_what_is_gone_there_is_put_right_on_the_page_of_the_link(as_ada, held, link):
    type(link).objects.update(state="target_gone")
    page = shown(as_ada.get(f"/deliveries/{held.pk}"))
    assert f'href="/links/{link.hash_id}">Open the link to put it right</a>' in page


def test_trouble_of_another_kind_asks_for_no_permission(as_ada, link, held):
    link.troubled_by(NeedsPermission("No."))
    type(link).objects.update(state="needs_reconnect")
    page = shown(as_ada.get(f"/deliveries/{held.pk}"))
    assert ">Connect it again</button>" in page and "Ask for the permission" not in page


# Refused.


def refuse(link, reason):
    now = timezone.now()
    seen = {"first_seen": now, "last_seen": now, "hour": now}
    kind = link.integration_type
    Refusal.objects.create(link_id=link.pk, integration_type=kind, reason=reason, count=3, **seen)


ACTIVITY = "/t/analytical-engines/activity"


def test_what_was_too_large_tells_the_setting_to_who_may_change_it(
    as_ada, as_grace, link, ada, settings
):
    settings.HOOK_BODY_LIMIT = 1815
    refuse(link, "too_large")
    page = shown(as_ada.get(ACTIVITY))
    assert "Nothing of it was stored." in page and "Ask whoever runs this server." in page
    assert "1,815" not in page
    ada.is_staff = True
    ada.save()
    page = shown(as_ada.get(ACTIVITY))
    assert "HOOK_BODY_LIMIT is 1,815 bytes now; docs/self-hosting.md says how to set it." in page
    assert "Ask Ada Lovelace." in shown(as_grace.get(ACTIVITY))
    assert f'href="{link.registered_hook.page_at_partner}"' in page
    assert link.registered_hook.page_at_partner not in shown(as_grace.get(ACTIVITY))


def test_where_no_setting_would_help_none_is_named(as_ada, link, foundry, monkeypatch):
    monkeypatch.setattr(type(foundry), "body_limit", 1906)
    refuse(link, "too_large")
    page = shown(as_ada.get(ACTIVITY))
    assert "no setting lets in more than 1,906 bytes of Foundry." in page
    assert "HOOK_BODY_LIMIT" not in page


def test_what_can_be_done_about_it_is_a_button_for_who_may(as_ada, as_grace, link):
    refuse(link, "bad_signature")
    button = f'href="/links/{link.hash_id}#secret">Compare the secret</a>'
    assert button in shown(as_ada.get(ACTIVITY))
    assert "Compare the secret" not in shown(as_grace.get(ACTIVITY))


def test_on_the_page_of_the_link_no_button_leads_to_itself(as_ada, link):
    refuse(link, "too_old")
    assert "Open the link" in shown(as_ada.get(ACTIVITY))
    assert "Open the link" not in shown(as_ada.get(f"/links/{link.hash_id}"))
