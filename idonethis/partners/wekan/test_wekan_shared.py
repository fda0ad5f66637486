"""Bodies that WeKan has sent to others: whatever they hold, nothing breaks."""

from __future__ import annotations

from pathlib import Path

import pytest

from idonethis import env
from idonethis.integrations.base import Draft, Hook, Ignored, Retitle, Retract, Unreadable
from idonethis.integrations.plain_link import PlainLink
from idonethis.partners.wekan.integration import integration

PROJECT = Path(__file__).parents[3]
PAYLOADS = Path(env.text("IDONETHIS_SHARED_PAYLOADS") or PROJECT.parent / "shared" / "payloads")
BODIES = sorted((PAYLOADS / "by-service/wekan").glob("*.json"))

pytestmark = [
    pytest.mark.shared,
    pytest.mark.skipif(not BODIES, reason="The bodies are not on this machine."),
]


@pytest.mark.parametrize("path", BODIES, ids=lambda path: path.stem)
def test_it_is_read_or_refused_in_words(path):
    hook = Hook(path.read_bytes())
    try:
        events = list(integration.read(hook, PlainLink()))
    except Unreadable as refused:
        assert str(refused)
        return
    assert events
    assert all(isinstance(event, Draft | Retitle | Retract | Ignored) for event in events)
    assert integration.delivery_key(hook)
    assert len(integration.event(hook)) <= 80
