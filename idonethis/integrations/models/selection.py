"""Which receipts are meant: those of a link, of a team, or all; and of them, some."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from typing import Any

from allauth.account.models import EmailAddress
from django.db import models

from idonethis.accounts.models import User
from idonethis.integrations.models.integration_link import (
    IntegrationLink,
    IntegrationLinkQuerySet,
)
from idonethis.integrations.models.integration_user import IntegrationUser
from idonethis.integrations.models.link_states import GONE
from idonethis.integrations.models.receipt import Receipt
from idonethis.integrations.models.receipts import ReceiptQuerySet
from idonethis.teams.models import Team


@dataclass(frozen=True)
class Selection:
    """``link`` and ``team`` are public names, empty for any; ``person`` is a member's public name,
    or how a partner names somebody. ``after`` is a receipt that is older than those that are meant,
    ``upto`` the newest of them, so that what comes in meanwhile is not."""

    link: str = ""
    team: str = ""
    receipt: int = 0
    after: int = 0
    outcomes: tuple[str, ...] = ()
    event: str = ""
    person: str = ""
    since: datetime | None = None
    until: datetime | None = None
    upto: int = 0

    @classmethod
    def latest(
        cls, link: IntegrationLink, most: int, *, outcomes: tuple[str, ...] = ()
    ) -> Selection:
        """The last so many of a link, or of those that ended so."""
        found = Receipt.objects.of_link(link)
        found = found.filter(outcome__in=outcomes) if outcomes else found
        last = list(found.values_list("pk", flat=True)[:most])
        after, upto = (last[-1] - 1, last[0]) if last else (0, -1)
        return cls(link=link.hash_id, after=after, outcomes=outcomes, upto=upto)

    def fixed(self) -> Selection:
        """The same, of what is there now, unless that was said already."""
        if self.upto:
            return self
        return replace(self, upto=Receipt.objects.aggregate(pk=models.Max("pk"))["pk"] or -1)

    @property
    def asked(self) -> dict[str, Any]:
        """As JSON holds it."""
        said = asdict(self) | {"outcomes": list(self.outcomes)}
        instants = {name: said[name].isoformat() for name in ("since", "until") if said[name]}
        return {name: value for name, value in (said | instants).items() if value}

    @classmethod
    def of(cls, asked: Mapping[str, Any]) -> Selection:
        """The other way round."""
        said = {**asked, "outcomes": tuple(asked.get("outcomes", ()))}
        for name in {"since", "until"} & set(said):
            said[name] = datetime.fromisoformat(said[name])
        return cls(**said)

    @property
    def belongs_to(self) -> Team | None:
        """Whose members may look at what becomes of it."""
        if self.link:
            return Team.objects.filter(links__hash_id=self.link).first()
        return Team.objects.filter(hash_id=self.team).first() if self.team else None

    def receipts(self) -> ReceiptQuerySet:
        """Those that are through, oldest first, and can be read again."""
        standing = _keys(self._links().standing())
        nobodys = [] if self.link or self.team else [0]
        found = Receipt.objects.filter(state="done", read_for__in=[*standing, *nobodys])
        return self._narrowed(found).order_by("pk")

    def left_out(self) -> int:
        """How many cannot be read again, since their link was removed."""
        removed = self._links().filter(state__in=GONE)
        found = Receipt.objects.filter(state="done", read_for__in=_keys(removed))
        return self._narrowed(found).count()

    def _links(self) -> IntegrationLinkQuerySet:
        links = IntegrationLink.objects.all()
        links = links.filter(hash_id=self.link) if self.link else links
        return links.filter(team__hash_id=self.team) if self.team else links

    def _narrowed(self, receipts: ReceiptQuerySet) -> ReceiptQuerySet:
        asked: dict[str, Any] = {
            "pk": self.receipt,
            "pk__gt": self.after,
            "pk__lte": self.upto,
            "outcome__in": self.outcomes,
            "event__startswith": self.event,
            "received_at__gte": self.since,
            "received_at__lt": self.until,
        }
        receipts = receipts.filter(**{name: value for name, value in asked.items() if value})
        return receipts.filter(named(self.person)) if self.person else receipts


def _keys(links: IntegrationLinkQuerySet) -> list[int]:
    """A list, since inbox and log may be two databases."""
    return list(links.values_list("pk", flat=True))


def named(person: str) -> models.Q:
    """Receipts that name this person: by what each partner calls a member, else as it was given."""
    user = User.objects.filter(hash_id=person).first()
    if user is None:
        return models.Q(actor_key=person)
    addresses = EmailAddress.objects.filter(user=user, verified=True)
    found = models.Q(actor_key__in=[f"mailto:{each.email.lower()}" for each in addresses])
    for known in IntegrationUser.objects.filter(user=user):
        found |= models.Q(integration_type=known.integration_type, actor_key=known.uid)
    return found
