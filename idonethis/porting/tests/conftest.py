from __future__ import annotations

import pytest
from allauth.account.models import EmailAddress

from idonethis.entries.drafts import Draft
from idonethis.entries.models import Entry
from idonethis.integrations.tests.conftest import acme, link

__all__ = ["acme", "link"]


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
