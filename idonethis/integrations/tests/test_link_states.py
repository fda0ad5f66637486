"""From which state to which, and by whom: one table, and no other way."""

from __future__ import annotations

from itertools import product

import pytest
from django.utils import timezone

from idonethis.integrations.models import Incident, IntegrationLink, Storm
from idonethis.integrations.models.link_states import WORDS, By, State

STANDING = (
    "active paused needs_reconnect needs_permission remote_missing target_gone storm_held "
    "needs_secret"
)
ANSWERED = "needs_reconnect needs_permission remote_missing target_gone"
TROUBLES = f"{ANSWERED} needs_secret"
#: What each may do, as a person would say it: from here, to there.
ALLOWED = {
    By.PERSON: [
        (STANDING, "active storm_held"),  # resume, put right, let a storm through
        (STANDING, "paused"),
        (STANDING, "removing"),
        (f"{STANDING} removing", "removed"),
    ],
    By.PARTNER: [
        (ANSWERED, "active storm_held"),
        (f"active storm_held {ANSWERED}", ANSWERED),
        ("removing", "removed"),
    ],
    By.SERVER: [
        (TROUBLES, "active storm_held"),  # somebody else's account has taken over
        (f"active storm_held {ANSWERED}", "needs_reconnect"),  # whose account it was has left
        ("active", "storm_held"),
        (STANDING, "needs_secret"),  # the key that it was encrypted with is gone
        (STANDING, "removing"),  # the team is deleted
        (f"{STANDING} removing", "removed"),
    ],
}


def allowed(before, after, by):
    return any(before in f.split() and after in t.split() for f, t in ALLOWED[by])


@pytest.mark.django_db
@pytest.mark.parametrize("by", By)
def test_everybody_moves_a_link_as_far_as_they_may_and_no_further(link, by):
    for before, after in product(State, State):
        IntegrationLink.objects.update(state=before, trouble="before")
        moved = link.move(after, by=by, trouble="after")
        link.refresh_from_db()
        expected = allowed(before, after, by)
        assert (moved, link.state) == (expected, after if expected else before), (before, after)
        assert link.trouble == ("after" if expected else "before")


@pytest.mark.django_db
def test_what_was_removed_meanwhile_is_not_brought_back_by_a_late_answer(link):
    stale = IntegrationLink.objects.get()
    link.remove()
    assert not stale.move(State.NEEDS_RECONNECT, by=By.PARTNER, trouble="401")
    assert stale.state == "removed" and not Incident.objects.exists()


@pytest.mark.django_db
def test_a_pause_is_not_ended_by_what_a_partner_answers(link):
    stale = IntegrationLink.objects.get()
    link.pause()
    assert not stale.move(State.TARGET_GONE, by=By.PARTNER, trouble="404")
    assert IntegrationLink.objects.get().is_paused


@pytest.mark.parametrize("state", State)
def test_every_state_says_in_words_what_it_means_and_what_to_do(state):
    said = WORDS[state].format(partner="Acme")
    assert said.endswith(".") and "{" not in said
    if state in TROUBLES.split():
        ways_out = ("Connect", "Give", "Make room", "Choose", "Bring")
        assert "Acme" in said and any(word in said for word in ways_out)


@pytest.mark.django_db
@pytest.mark.parametrize("state", STANDING.split())
def test_every_page_of_a_link_shows_how_it_is_and_what_to_do(link, client, ada, team, state):
    client.force_login(ada)
    if state == "storm_held":
        Storm.objects.begin(link.pk, began_at=timezone.now(), first_receipt=1)
    else:
        IntegrationLink.objects.update(state=state, trouble="Something is wrong.")
    link.refresh_from_db()
    pages = ["/integrations/acme", f"/links/{link.hash_id}", f"/t/{team.slug}/integrations"]
    for path in pages:
        page = client.get(path).content.decode().replace("&#x27;", "'")
        if state == "storm_held" and path.startswith("/links"):
            assert "A storm from" in page
        elif state not in ("active", "paused"):
            assert link.state_word in page and link.what_to_do in page, path
    assert client.get("/integrations").status_code == 200


@pytest.mark.django_db
@pytest.mark.parametrize("state", [each.value for each in State])
def test_entries_go_out_by_links_that_stand_and_are_not_paused(link, team, state):
    """Also by those in trouble: theirs wait. Of one team the same are found as of all."""
    IntegrationLink.objects.filter(pk=link.pk).update(state=state)
    found = IntegrationLink.objects.sending_of({team.pk})
    assert found == [*IntegrationLink.objects.sending()]
    assert bool(found) == (state in STANDING.split() and state != "paused")
    assert IntegrationLink.objects.sending_of({team.pk + 1}) == []
