"""Bodies that Slack has sent to others: whatever they hold, nothing breaks."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import urlencode

import pytest

from idonethis.integrations.base import Hook, Unreadable
from idonethis.integrations.plain_link import PlainLink
from idonethis.integrations.testing_bodies import bodies, over
from idonethis.partners.slack.integration import integration
from idonethis.partners.slack.testing import FORM

BODIES = [
    path
    for path in bodies("slack/**/*") + bodies("by-service/slack/**/*")
    if path.suffix in (".json", ".txt")
]

pytestmark = over(BODIES)


def hooks(path: Path):
    """As JSON, and as Slack sends interactions: JSON in a form."""
    body = path.read_bytes()
    if path.suffix == ".txt":
        return [Hook(body, FORM)]
    return [Hook(body), Hook(urlencode({"payload": body.decode()}).encode(), FORM)]


@pytest.mark.parametrize("path", BODIES, ids=lambda path: path.stem)
def test_it_is_read_or_refused_in_words(path):
    for hook in hooks(path):
        try:
            integration.check_readable(hook)
        except Unreadable as refused:
            assert str(refused)
            continue
        assert list(integration.read(hook, PlainLink()))
        assert integration.delivery_key(hook)
        assert integration.event(hook) is not None
        assert integration.addressee(hook) is not None
