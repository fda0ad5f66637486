"""Bodies that Gitea has sent to others: whatever they hold, nothing breaks."""

from __future__ import annotations

import pytest

from idonethis.integrations.base import Hook, Unreadable
from idonethis.integrations.plain_link import PlainLink
from idonethis.integrations.terms import Event
from idonethis.integrations.testing_bodies import bodies, over
from idonethis.partners.gitea.integration import integration

BODIES = bodies("by-service/gitea/*.json")

pytestmark = over(BODIES)


@pytest.mark.parametrize("path", BODIES, ids=lambda path: path.stem)
def test_it_is_read_or_refused_in_words(path):
    name = path.stem.partition("__")[0]
    hook = Hook(path.read_bytes(), {"content-type": "application/json", "x-gitea-event": name})
    try:
        events = list(integration.read(hook, PlainLink()))
    except Unreadable as refused:
        assert str(refused)
        return
    assert events and all(isinstance(event, Event) for event in events)
