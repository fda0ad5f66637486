"""What has come in by a link, read anew: with its settings as they are, or as they might be."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Any

from idonethis.accounts.models import User
from idonethis.entries.drafts import NOBODY, Draft
from idonethis.integrations.base import LinkForm, Reads
from idonethis.integrations.effects import SHOWN, Effect, Standing, effects
from idonethis.integrations.kits.mapped import Mapped
from idonethis.integrations.kits.mapped.leaves import Leaf, leaves
from idonethis.integrations.kits.mapped.receives import body_of as body_in
from idonethis.integrations.link_forms import restated
from idonethis.integrations.masking import masked
from idonethis.integrations.models import IntegrationLink, Receipt, Suggestion
from idonethis.integrations.models.known import Known
from idonethis.integrations.models.reading import happened
from idonethis.integrations.plain_link import PlainLink
from idonethis.integrations.previewing import Fate, Preview, body_of
from idonethis.integrations.rules import Rules
from idonethis.integrations.showing import readable
from idonethis.integrations.values import Hook, Unreadable
from idonethis.ui.words import numbered

TALLY = {
    "add": ("would come into the log", "would come into the log"),
    "drop": ("would go from it", "would go from it"),
    "change": ("changes", "change"),
    "stay": ("stays", "stay"),
}


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
    """``effect`` None: nobody tried. ``is_secret``: what it says is suggested to somebody else, or
    would be; only what becomes of it may be shown."""

    receipt: Receipt
    fate: Fate
    entries: tuple[WouldBe, ...]
    effect: Effect | None
    is_secret: bool

    @property
    def differing(self) -> tuple[Standing, ...]:
        """What stands in the log and reads otherwise than what it would be by these settings."""
        would_be = {each.body for each in self.entries}
        before = self.effect.before if self.effect else ()
        return tuple(each for each in before if each.body not in would_be)


@dataclass(frozen=True)
class Captures:
    """The last receipts of a link, as ``reader`` may see them, each with what ``config`` would make
    of it. Stores nothing."""

    link: IntegrationLink
    config: Mapping[str, Any]
    reader: User
    known: Known = field(default_factory=Known)

    def read(self, *, tried: bool = False) -> list[Captured]:
        """Newest first; with what would change in the log, where that is ``tried``."""
        integration = self.link.integration
        if not isinstance(integration, Reads):
            return []
        found = {e.receipt.pk: e for e in effects(self.link, self.config)} if tried else {}
        return [self._captured(each, integration, found.get(each.pk)) for each in self._receipts]

    @cached_property
    def _receipts(self) -> list[Receipt]:
        return list(Receipt.objects.of_link(self.link)[:SHOWN])

    @cached_property
    def _rules(self) -> Rules:
        return Rules.of(self.link.integration.asks, self.config)

    def _captured(self, receipt: Receipt, integration: Reads, effect: Effect | None) -> Captured:
        link, hook = self.link, receipt.hook
        plain = PlainLink(link.hash_id, link.subject, dict(self.config), link.team)
        fate = Preview(integration, hook, plain).fate()
        entries = tuple(self._would_be(draft, hook) for draft in fate.drafts)
        return Captured(receipt, fate, entries, effect, self._is_secret(receipt, entries))

    def _would_be(self, draft: Draft, hook: Hook) -> WouldBe:
        link, actor, words = self.link, draft.actor, (draft.kind, body_of(draft), draft.url)
        user = link.user if actor == NOBODY else self.known.who(actor, link)
        if user is None:
            who = actor.called or "who did it"
            return WouldBe(*words, trouble=f"It would wait until the team says who {who} is.")
        if not self.known.writes(user, link.team):
            return WouldBe(*words, trouble=f"{user} does not write in {link.team}.")
        if self._rules.leaves_out(user):
            return WouldBe(*words, trouble=f"The rules leave out what {user} does.")
        return WouldBe(*words, draft.day_for(user.day_of(happened(draft, hook))), user)

    def _is_secret(self, receipt: Receipt, entries: tuple[WouldBe, ...]) -> bool:
        """Fails closed: where a link suggests, only what stands in the log, and what is the
        reader's own, is nobody's secret."""
        if receipt.suggestion:
            return receipt.suggestion not in self._open
        mine = bool(entries) and all(each.person == self.reader for each in entries)
        return self._suggests and not receipt.entry and not mine

    @cached_property
    def _suggests(self) -> bool:
        return self._rules.suggests or self.link.rules.suggests

    @cached_property
    def _open(self) -> set[str]:
        """Suggestions that the reader may read."""
        names = [each.suggestion for each in self._receipts if each.suggestion]
        found = Suggestion.objects.legible_to(self.reader).filter(hash_id__in=names)
        return set(found.values_list("hash_id", flat=True))


def mapping(
    link: IntegrationLink, form: LinkForm, config: Mapping[str, Any], *, reader: User, tried: bool
) -> dict[str, Any]:
    """What ``integrations/mapping.html`` shows: a link's form, beside what ``config`` makes of what
    has come in."""
    found = Captures(link, config, reader).read(tried=tried)
    open_ = next((each for each in found if not each.is_secret), None)
    return {
        "link": link,
        "form": form,
        "receives": isinstance(link.integration, Reads),
        "captures": found,
        "restated": restated(link.integration, form, link.team),
        "tried": tried,
        "tally": tally(found),
        "changing": sum(each.effect.changes for each in found if each.effect),
        "last_body": readable(open_.receipt.hook) if open_ else "",
        "pickable": pickable(link, open_.receipt.hook) if open_ else [],
    }


def pickable(link: IntegrationLink, hook: Hook) -> list[Leaf]:
    """What somebody may pick from a body, where the integration lets people pick."""
    try:
        return leaves(masked(body_in(hook))) if isinstance(link.integration, Mapped) else []
    except (Unreadable, RecursionError):
        return []


def tally(found: Iterable[Captured]) -> str:
    """How many receipts would be added to the log, dropped from it, changed and left."""
    count = Counter(each.effect.word for each in found if each.effect)
    said = [numbered(count[word], *says) for word, says in TALLY.items() if count[word]]
    return f"{', '.join(said)}." if said else ""
