"""Bodies that Sentry has sent to others: whatever they hold, nothing breaks."""

from __future__ import annotations

import pytest

from idonethis.integrations.base import Draft, Hook, Ignored, Retract, Unreadable
from idonethis.integrations.plain_link import PlainLink
from idonethis.integrations.testing_bodies import bodies, over
from idonethis.partners.sentry.integration import integration

BODIES = bodies("by-service/sentry/*.json")

pytestmark = over(BODIES)


@pytest.mark.parametrize("path", BODIES, ids=lambda path: path.stem)
@pytest.mark.parametrize("resource", ["issue", "event_alert"])
def test_it_is_read_or_refused_in_words(path, resource):
    hook = Hook(path.read_bytes(), {"sentry-hook-resource": resource})
    try:
        events = list(integration.read(hook, PlainLink(config={"blockers": True})))
    except Unreadable as refused:
        assert str(refused)
        return
    assert events
    assert all(isinstance(event, Draft | Retract | Ignored) for event in events)
