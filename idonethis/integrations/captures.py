"""What has come in by a link, read anew: with its settings as they are, or as they might be."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from idonethis.accounts.models import User
from idonethis.entries.drafts import NOBODY, Draft
from idonethis.integrations.base import Integration, LinkForm, Receives
from idonethis.integrations.models import IntegrationLink, Receipt
from idonethis.integrations.models.known import Known
from idonethis.integrations.models.reading import happened
from idonethis.integrations.plain_link import PlainLink
from idonethis.integrations.previewing import Fate, Preview, body_of
from idonethis.integrations.showing import readable
from idonethis.integrations.values import Hook

#: How many of the last receipts are read anew.
SHOWN = 30


@dataclass(frozen=True)
class WouldBe:
    """The entry that a draft would make; without a person, ``trouble`` says why it would not."""

    kind: str
    body: str
    url: str
    day: date | None = None
    person: User | None = None
    trouble: str = ""


@dataclass(frozen=True)
class Captured:
    receipt: Receipt
    fate: Fate
    entries: tuple[WouldBe, ...]


def mapping(link: IntegrationLink, form: LinkForm, config: Mapping[str, Any]) -> dict[str, Any]:
    """What ``integrations/mapping.html`` shows: a link's form, beside what ``config`` makes of what
    has come in."""
    found = captures(link, config)
    return {
        "link": link,
        "form": form,
        "receives": isinstance(link.integration, Receives),
        "captures": found,
        "last_body": readable(found[0].receipt.hook) if found else "",
    }


def captures(link: IntegrationLink, config: Mapping[str, Any]) -> list[Captured]:
    """The last receipts, newest first, each with what it would become. Stores nothing."""
    return list(_captures(link, config, link.integration))


def _captures(
    link: IntegrationLink, config: Mapping[str, Any], integration: Integration
) -> Iterator[Captured]:
    if not isinstance(integration, Receives):
        return
    known = Known()
    plain = PlainLink(link.hash_id, link.subject, dict(config), link.team)
    for receipt in Receipt.objects.of_link(link)[:SHOWN]:
        hook = receipt.hook
        fate = Preview(integration, hook, plain).fate()
        entries = (_would_be(draft, hook, link, known) for draft in fate.drafts)
        yield Captured(receipt, fate, tuple(entries))


def _would_be(draft: Draft, hook: Hook, link: IntegrationLink, known: Known) -> WouldBe:
    actor, words = draft.actor, (draft.kind, body_of(draft), draft.url)
    user = link.user if actor == NOBODY else known.who(actor, link)
    if user is None:
        who = actor.called or "who did it"
        return WouldBe(*words, trouble=f"It would wait until the team says who {who} is.")
    if not known.writes(user, link.team):
        return WouldBe(*words, trouble=f"{user} does not write in {link.team}.")
    return WouldBe(*words, draft.day_for(user.day_of(happened(draft, hook))), user)
