"""Asks partners that sign with keys of their own for those that they publish, ahead of the hooks
that need them: no hook waits for it, and what names an unknown key is refused."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator
from datetime import timedelta

from idonethis.background import Lane
from idonethis.integrations import registry
from idonethis.integrations.asking import ask
from idonethis.integrations.base import Receives
from idonethis.integrations.http import Again, Answer, Client, Failed
from idonethis.integrations.models import IntegrationLink, PublishedKeys

log = logging.getLogger(__name__)

KEYS = Lane("keys", every=5.0, patience=300.0)
#: How long keys hold: as long as the partner lets the answer be kept, within these.
SHORTEST, USUAL, LONGEST = timedelta(minutes=10), timedelta(hours=1), timedelta(days=1)

#: Of which integrations a hook has named a key that is not known, in this process.
_wanted: set[str] = set()


def want(integration: Receives) -> None:
    """They are asked for in a few seconds, if that has not just been done. Waits for nothing."""
    _wanted.add(integration.integration_type)


def pass_on() -> int:
    """Writes down what hooks have wanted here, for whoever asks partners, which may be another
    process; returns 0, since there is nothing to do at once again."""
    kinds = {_wanted.pop() for _ in range(len(_wanted))}
    if kinds:
        PublishedKeys.hurry(kinds)
        KEYS.wake()
    return 0


def drain() -> int:
    """Asks those whose time has come; returns how many have answered."""
    pass_on()
    return sum(_asked(integration) for integration in _used() if _is_due(integration))


def _used() -> Iterator[Receives]:
    """Only those by which a link can receive: nobody is asked for nothing."""
    publishing = [kind for kind, each in registry.integrations().items() if _keys_at(each)]
    links = IntegrationLink.objects.standing().exclude(sealed_secret="")
    used = links.filter(integration_type__in=publishing).values_list("integration_type", flat=True)
    for kind in sorted(set(used)) if publishing else ():
        integration = registry.get(kind)
        if isinstance(integration, Receives):
            yield integration


def _keys_at(integration: object) -> str:
    return integration.signature.keys_at if isinstance(integration, Receives) else ""


def _is_due(integration: Receives) -> bool:
    return PublishedKeys.take(integration.integration_type)


def _asked(integration: Receives) -> bool:
    """Without an answer, those that are known hold as long as they would have."""
    try:
        keys, holds = ask(integration, lambda: _published(integration))
    except Failed as problem:
        log.warning("%s did not tell its keys: %s", integration.name, problem)
        return False
    PublishedKeys.keep(integration.integration_type, keys, holds=holds)
    return True


def _published(integration: Receives) -> tuple[dict[str, str], timedelta]:
    named = {name: integration.address(name) for name in integration.addresses}
    url = integration.signature.keys_at.format_map(named)
    answer = Client(answers=integration.answers, name=integration.name).get(url)
    keys = integration.signature.published(answer.json)
    if not keys:
        raise Again("There is none among them that could be used.")
    return keys, _holds(answer)


def _holds(answer: Answer) -> timedelta:
    """https://www.rfc-editor.org/rfc/rfc9111#section-5.2.2.1"""
    found = re.search(r"max-age=([0-9]{1,8})\b", answer.headers.get("cache-control", ""))
    said = timedelta(seconds=int(found[1])) if found else USUAL
    return min(max(said, SHORTEST), LONGEST)
