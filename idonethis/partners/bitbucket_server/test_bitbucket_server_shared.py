"""Bodies that Bitbucket Data Center has sent to others: whatever they hold, nothing breaks."""

from __future__ import annotations

import pytest

from idonethis.integrations.base import Hook, Unreadable
from idonethis.integrations.plain_link import PlainLink
from idonethis.integrations.terms import Event
from idonethis.integrations.testing_bodies import bodies, over
from idonethis.partners.bitbucket_server.integration import integration

BODIES = bodies("by-service/bitbucket3/*.json")

pytestmark = over(BODIES)


NAMES = ("repo:refs_changed", "pr:merged", "pr:deleted", "pr:opened")


@pytest.mark.parametrize("path", BODIES, ids=lambda path: path.stem)
@pytest.mark.parametrize("name", NAMES)
def test_it_is_read_or_refused_in_words(path, name):
    hook = Hook(path.read_bytes(), {"content-type": "application/json", "x-event-key": name})
    try:
        events = list(integration.read(hook, PlainLink()))
    except Unreadable as refused:
        assert str(refused)
        return
    assert events and all(isinstance(event, Event) for event in events)
