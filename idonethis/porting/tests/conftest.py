from __future__ import annotations

import pytest
from allauth.account.models import EmailAddress
from django.utils import timezone

from idonethis.entries.drafts import Detail, Draft, Growing, Origin
from idonethis.entries.models import Comment, Entry, Like, Source
from idonethis.entries.tests.conftest import charles, elsewhere
from idonethis.integrations.tests.conftest import acme, link
from idonethis.teams.models import Membership, Team

__all__ = ["acme", "charles", "elsewhere", "link"]


def verified(user) -> None:
    EmailAddress.objects.create(user=user, email=user.email, primary=True, verified=True)


@pytest.fixture
def ada(ada):
    verified(ada)
    return ada


@pytest.fixture
def grace(grace):
    verified(grace)
    return grace


@pytest.fixture
def mallory(mallory):
    verified(mallory)
    return mallory


@pytest.fixture
def log(team, ada):
    """Ada logs something."""

    def logging(body, *, user=None, **draft):
        return Entry.objects.log(Draft(body=body, **draft), team=team, user=user or ada)

    return logging


@pytest.fixture
def full(team, ada, grace, log):
    """Everything that a log can hold."""
    ada.time_zone, ada.day_ends_at = "Europe/London", 4
    ada.save()
    ada.emailaddress_set.create(email="ada@lovelace.example", verified=False)
    goal = log("[Publish] the notes #notes @grace", kind="goal")
    goal.complete(on=ada.today())
    log("Buy oil", kind="goal").archive()
    log("No <b>steam</b>", kind="blocked", user=grace)
    gone = log("Broke the mill")
    gone.delete_softly(by=ada)
    talked = log("=1+1 “über” 漢字 \U0001f600\nsecond line", url="https://mill.example/1")
    Comment.objects.create(entry=talked, user=grace, body="Well <i>done</i>")
    Comment.objects.create(entry=talked, user=grace, body="Taken back", deleted_at=timezone.now())
    Like.objects.create(entry=talked, user=grace)
    talked.edit(kind="done", body="=1+2")
    pushed = Growing(
        body="Pushed {count} commit{s}",
        key="acme:push",
        details=(
            Detail("acme:c1", "Cast a cog", "https://acme.example/c1"),
            Detail("acme:c2", "Oil"),
        ),
    )
    Source.objects.tell(pushed, team=team, user=ada, origin=Origin("acme", "", "ada/mill"))
    Entry.objects.log(Draft(body="Alone"), team=Team.objects.personal(ada), user=ada)
    team.memberships.filter(user=grace).update(role=Membership.Role.OBSERVER)
    return team
