"""From a stored hook to what it became: who did it, for which team, and which entry that is."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import NamedTuple, TypeVar

from django.db import models

from idonethis.accounts.models import User
from idonethis.entries.drafts import NOBODY, Actor, Draft, Growing, Retitle, Retract
from idonethis.entries.models import Change, Entry, Source, Told
from idonethis.integrations.base import Event, NeedsReconnect, Receives, ReceivesForAll
from idonethis.integrations.models.integration_link import IntegrationLink
from idonethis.integrations.models.integration_user import IntegrationUser, actor_key
from idonethis.integrations.models.known import Known
from idonethis.integrations.models.unclaimed_person import UnclaimedPerson
from idonethis.integrations.plain_link import PlainLink
from idonethis.integrations.values import Address, Hook, Ignored, Reason, Revoked
from idonethis.teams.models import Team

#: A clock that runs ahead by more than this is wrong, and the time of receipt counts.
AHEAD = timedelta(minutes=5)

Keyed = TypeVar("Keyed", Draft, Retitle, Retract)


class Outcome(NamedTuple):
    """How a receipt ends. No reason: not yet, it will be tried again."""

    reason: Reason | None
    why: str = ""
    entry: str = ""
    actor_key: str = ""


SAYS = {
    Change.CREATED: (Reason.CREATED, "Became an entry."),
    Change.UPDATED: (Reason.UPDATED, "Brought its entry up to date."),
    Change.MERGED: (Reason.MERGED, "Became part of an entry that already stands for it."),
    Change.RETRACTED: (Reason.RETRACTED, "Took its entry back."),
    Change.UNCHANGED: (Reason.DUPLICATE, "Its entry was already there and says the same."),
    Change.STAYS_DELETED: (Reason.STAYS_DELETED, "A person deleted its entry; it stays deleted."),
    Change.NOTHING_THERE: (Reason.NOTHING_TO_CHANGE, "There is no entry that it would change."),
    Change.OVERTAKEN: (Reason.RETRACTED, "It was taken back before it arrived."),
    Change.NOT_THEIRS: (Reason.NOT_THEIRS, "The entry belongs to somebody else. Nothing changed."),
}


def link_for(integration: ReceivesForAll, hook: Hook) -> IntegrationLink | None:
    """Which link a hook of a whole application belongs to."""
    return addressed(integration.addressee(hook), integration.integration_type)


def addressed(address: Address, integration_type: str) -> IntegrationLink | None:
    """The workspace's link for this place; else one of a team of this person; else the oldest. A
    link that an operator made without a workspace hears known members of its team alone: others
    may be from anywhere."""
    known = IntegrationUser.objects.filter(
        integration_type=integration_type, uid=address.person, team=None
    )
    theirs = Team.objects.filter(memberships__user__in=known.values("user"))
    of_workspace = models.Q(integration_user__uid=address.workspace)
    of_person = models.Q(integration_user=None, team__in=theirs)
    links = IntegrationLink.objects.listening().filter(
        of_workspace | of_person, integration_type=integration_type
    )
    ranked = links.annotate(
        rank=models.Case(
            models.When(subject=address.place, then=0),
            models.When(team__in=theirs, then=1),
            default=2,
        )
    )
    found = ranked.select_related("team", "user", "integration_user")
    return found.order_by("rank", "pk").first() if address.workspace else None


@dataclass(frozen=True)
class Reading:
    hook: Hook
    integration: Receives
    link: IntegrationLink | None
    known: Known
    delivery_key: str

    def outcome(self) -> Outcome:
        if self.link and self.link.is_gone:
            return Outcome(Reason.LINK_REMOVED, "The link was removed before this was read.")
        if self.link and self.link.is_paused:
            return Outcome(Reason.LINK_PAUSED, "The link is paused. Replay it after resuming.")
        events = self.integration.read(self.hook, self.link or PlainLink())
        return self.sum_up([self._tell(event) for event in events])

    def sum_up(self, outcomes: list[Outcome]) -> Outcome:
        """One hook may say several things; it ends in one way."""
        return next((outcome for outcome in outcomes if outcome.entry), outcomes[0])

    def take_back(self) -> None:
        """What it made goes, unless a person has had a hand in it, and may be made anew."""
        if self.link is None:
            return
        events = self.integration.read(self.hook, self.link)
        drafts = [self._namespaced(event) for event in events if isinstance(event, Draft)]
        for entry in Source.objects.made_by(drafts, team=self.link.team):
            entry.disown()

    def _tell(self, event: Event) -> Outcome:
        if isinstance(event, Ignored):
            return Outcome(event.reason, event.why)
        if isinstance(event, Revoked):
            return self._disconnect(event)
        if self.link is None:
            return Outcome(Reason.NO_LINK, "No team here is linked to where this happened.")
        if isinstance(event, Draft):
            return self._log(event, self.link)
        return self._change(event, self.link)

    def _disconnect(self, event: Revoked) -> Outcome:
        gone = IntegrationUser.objects.filter(
            integration_type=self.integration.integration_type, uid__in=event.uids
        )
        for integration_user in gone:
            integration_user.refuse(NeedsReconnect(event.why))
        return Outcome(Reason.DISCONNECTED, event.why)

    def _log(self, draft: Draft, link: IntegrationLink) -> Outcome:
        user = self._who(draft.actor, link)
        key = actor_key(draft.actor)
        if user is None:
            return Outcome(Reason.NO_PERSON, _wait(draft.actor, link), "", key)
        if not self.known.writes(user, link.team):
            sentence = f"{user} does not write in {link.team}."
            return Outcome(Reason.NOT_IN_TEAM, sentence, "", key)
        draft = replace(self._namespaced(draft), occurred_at=happened(draft, self.hook))
        storm = self.known.folding
        if storm and not Source.objects.is_entry(draft.key, team=link.team):
            draft = storm.folded(draft, link.origin)
        return _outcome_of(self.tell(draft, link, user=user))._replace(actor_key=key)

    def tell(self, draft: Draft, link: IntegrationLink, *, user: User) -> Told:
        return Source.objects.tell(draft, team=link.team, user=user, origin=link.origin)

    def _who(self, actor: Actor, link: IntegrationLink) -> User | None:
        if actor == NOBODY:
            return link.user
        return self.known.who(actor, link)

    def _namespaced(self, event: Keyed) -> Keyed:
        """Keys are unique in a team; which partner they come from is part of them."""
        kind = self.integration.integration_type
        changes: dict[str, object] = {"key": f"{kind}:{event.key or self.delivery_key}"}
        if isinstance(event, Draft):
            changes["stands_for"] = tuple(f"{kind}:{key}" for key in event.stands_for)
            changes["details"] = tuple(
                replace(detail, key=f"{kind}:{detail.key}") for detail in event.details
            )
        if isinstance(event, Growing):
            changes["batch"] = f"{kind}:{event.batch}" if event.batch else ""
        return replace(event, **changes)  # type: ignore[arg-type]

    def _change(self, event: Retitle | Retract, link: IntegrationLink) -> Outcome:
        if isinstance(event, Retitle):
            return _outcome_of(Source.objects.retitle(self._namespaced(event), team=link.team))
        by = None if event.actor == NOBODY else self._who(event.actor, link)
        if event.actor != NOBODY and by is None:
            return Outcome(Reason.NO_PERSON, "Nobody here is known to be who asked for this.")
        return _outcome_of(Source.objects.retract(self._namespaced(event), team=link.team, by=by))


def _wait(actor: Actor, link: IntegrationLink) -> str:
    """Why it waits for somebody to say who this is, in a sentence."""
    if not actor_key(actor):
        named = f"Only the name {actor.name} is given" if actor.name else "Nobody is named"
        return f"{named}, so nobody can say who it was."
    person = UnclaimedPerson.objects.note(actor, link)
    if person.ignored:
        return f"{person} is ignored in this team."
    return f"Nobody in this team is known as {person}."


def happened(draft: Draft, hook: Hook) -> datetime:
    said, received = draft.occurred_at, hook.received_at
    return said if said and said < received + AHEAD else received


def _outcome_of(told: Told) -> Outcome:
    reason, sentence = SAYS[told.change]
    entry: Entry | None = told.entry
    return Outcome(reason, sentence, entry.hash_id if entry else "")
