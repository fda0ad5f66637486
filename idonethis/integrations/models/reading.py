"""From a stored hook to what it became: who did it, for which team, and which entry that is."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import cached_property
from typing import Any, Self

from idonethis.accounts.models import User
from idonethis.entries.drafts import NOBODY, Actor, Draft, Growing, Retitle, Retract, Unproven
from idonethis.entries.models import Source
from idonethis.entries.models.thing import stored_key
from idonethis.integrations.base import Event, NeedsReconnect, Reads
from idonethis.integrations.models.integration_link import IntegrationLink
from idonethis.integrations.models.integration_user import IntegrationUser, actor_key
from idonethis.integrations.models.known import Known
from idonethis.integrations.models.storm import HELD
from idonethis.integrations.models.suggestion import Suggestion
from idonethis.integrations.models.telling import Outcome, Telling
from idonethis.integrations.plain_link import PlainLink
from idonethis.integrations.rules import Rules, left_out
from idonethis.integrations.values import Decision, Hook, Ignored, Reason, Revoked
from idonethis.teams.models import Team

#: A clock that runs ahead by more than this is wrong, and the time of receipt counts.
AHEAD = timedelta(minutes=5)


def stopped_by(link: IntegrationLink) -> Outcome | None:
    """How everything ends that comes by a link that takes nothing any more, or just now."""
    if link.is_gone:
        return Outcome(Reason.LINK_REMOVED, "The link was removed before this was read.")
    if link.is_paused:
        return Outcome(Reason.LINK_PAUSED, "The link is paused. Replay it after resuming.")
    return None


@dataclass(frozen=True)
class Reading:
    """``again``: the hook was read before; it became ``suggestion``. ``anew``: what it has made is
    taken back first."""

    hook: Hook
    integration: Reads
    link: IntegrationLink | None
    known: Known
    delivery_key: str
    again: bool = False
    suggestion: str = ""
    anew: bool = False

    def understood(self) -> Self:
        """Raises for what cannot be read here, and not later."""
        self.drafts  # noqa: B018
        return self

    @cached_property
    def drafts(self) -> list[tuple[Team, Draft]]:
        """What it may tell, as a team keeps it, so that it can be looked up for many at once."""
        drafts = [] if self._stopped else [e for e in self._events if isinstance(e, Draft)]
        return [(self.link.team, draft) for draft in drafts] if self.link else []

    def outcome(self) -> Outcome:
        if self.anew:
            self.take_back()
        return self._stopped or self.sum_up([self._tell(event) for event in self._events])

    @cached_property
    def _stopped(self) -> Outcome | None:
        if self.link is None:
            return None
        if self.link.pk in self.known.stormy:
            return Outcome(Reason.STORM_HELD, HELD)
        return stopped_by(self.link) if self._accepted is None else None

    @cached_property
    def _events(self) -> list[Event]:
        return [
            self._kept(each) for each in self.integration.read(self.hook, self.link or PlainLink())
        ]

    def _kept(self, event: Event) -> Event:
        """As a team keeps it: dated, and under keys that say which partner they come from."""
        if isinstance(event, Draft):
            return self._dated(event)
        if isinstance(event, Ignored) and event.draft:
            return replace(event, draft=self._dated(event.draft))
        if isinstance(event, Retitle | Retract):
            return replace(event, key=self._named(event.key or self.delivery_key))
        return event

    def _dated(self, draft: Draft) -> Draft:
        named = self._named
        changes: dict[str, Any] = {
            "key": named(draft.key or self.delivery_key),
            "stands_for": tuple(map(named, draft.stands_for)),
            "details": tuple(replace(each, key=named(each.key)) for each in draft.details),
            "occurred_at": happened(draft, self.hook),
        }
        if isinstance(draft, Growing) and draft.batch:
            changes["batch"] = named(draft.batch)
        return replace(draft, **changes)

    def _named(self, key: str) -> str:
        """Keys are unique in a team; which partner they come from is part of them."""
        return f"{self.integration.integration_type}:{key}"

    @cached_property
    def _rules(self) -> Rules:
        return self.integration.rules(self.link or PlainLink())

    @cached_property
    def _accepted(self) -> Suggestion | None:
        """What its person has said yes to: that counts, whatever becomes of the link and of its
        rules."""
        accepted: Suggestion | None = Suggestion.objects.accepted(self.suggestion)
        return accepted

    def sum_up(self, outcomes: list[Outcome]) -> Outcome:
        """One hook may say several things, and ends in one way: as what became an entry, else as
        what becomes one once somebody says who it was."""
        waiting = next((outcome for outcome in outcomes if outcome.actor_key), outcomes[0])
        return next((outcome for outcome in outcomes if outcome.entry), waiting)

    def take_back(self) -> None:
        """What it made goes, unless a person has had a hand in it, and may be made anew."""
        if self.link is None:
            return
        self.known.births.store()
        drafts = [event for event in self._events if isinstance(event, Draft)]
        for entry in Source.objects.made_by(drafts, team=self.link.team):
            entry.disown()

    def _tell(self, event: Event) -> Outcome:
        if isinstance(event, Ignored):
            return self._ignore(event)
        if isinstance(event, Decision):
            return self._decide(event)
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
            return Outcome(Reason.NO_PERSON, self._wait(draft.actor, link), "", key)
        if not self.known.writes(user, link.team):
            sentence = f"{user} does not write in {link.team}."
            return Outcome(Reason.NOT_IN_TEAM, sentence, "", key)
        if self._rules.leaves_out(user) and not self._accepted:
            by = self._rules.by(self._rules.people_in(link.team))
            return self._ignore(left_out(by, draft))
        telling = self._telling(link)
        if isinstance(draft, Unproven):
            telling = replace(telling, suggests=True, looks=True)
        told = telling.log(self._folded(draft, link), user)
        return told._replace(actor_key=key)

    def _wait(self, actor: Actor, link: IntegrationLink) -> str:
        """Why it waits for somebody to say who this is, in a sentence."""
        if not actor_key(actor):
            named = f"Only the name {actor.name} is given" if actor.name else "Nobody is named"
            return f"{named}, so nobody can say who it was."
        person = self.known.unclaimed(actor, link)
        if person.ignored:
            return f"{person} is ignored in this team."
        return f"Nobody in this team is known as {person}."

    def _folded(self, draft: Draft, link: IntegrationLink) -> Draft:
        """As a part of what a storm is logged as. What waits for its person is not folded: they
        say yes to each by itself."""
        storm = self.known.folding
        if storm is None or self._rules.suggests or isinstance(draft, Unproven):
            return draft
        self.known.births.store()
        known = Source.objects.is_entry(draft.key, team=link.team)
        return draft if known else storm.folded(draft, link.origin)

    def _ignore(self, event: Ignored) -> Outcome:
        """What a rule leaves out, unless its person has said yes to it."""
        wanted = self._wanted(event.draft) if event.draft else None
        if wanted and self.link:
            return self._log(wanted, self.link)
        return Outcome(event.reason, event.why)

    def _wanted(self, draft: Draft) -> Draft | None:
        """As much of it as its person has said yes to."""
        accepted = self._accepted
        if accepted is None:
            return None
        if not isinstance(draft, Growing):
            return draft if accepted.key == stored_key(draft.key) else None
        asked = {each["key"] for each in accepted.details}
        details = tuple(detail for detail in draft.details if detail.key in asked)
        return replace(draft, details=details) if details else None

    def _decide(self, decision: Decision) -> Outcome:
        """Pressed once, a button is not pressed again when it is read again."""
        kind = self.integration.integration_type
        user = IntegrationUser.objects.proven(decision.actor, integration_type=kind)
        if user is None:
            return Outcome(Reason.NO_PERSON, "Nobody here is known for sure to be who pressed it.")
        waiting = Suggestion.objects.of(user).pending().filter(hash_id=decision.suggestion)
        if self.again or not waiting.move_to(decision.verdict):
            return Outcome(Reason.NOTHING_TO_CHANGE, "It does not wait any more.")
        return Outcome(Reason.DECIDED, "Its person has decided.", suggestion=decision.suggestion)

    def _telling(self, link: IntegrationLink) -> Telling:
        suggests = self._rules.suggests
        looks = suggests or self.known.has_suggestions(link.team)
        return Telling(link, self.known.births, self.again, suggests=suggests, looks=looks)

    def _who(self, actor: Actor, link: IntegrationLink) -> User | None:
        if actor == NOBODY:
            return link.user
        return self.known.who(actor, link)

    def _change(self, event: Retitle | Retract, link: IntegrationLink) -> Outcome:
        if isinstance(event, Retitle):
            return self._telling(link).retitle(event)
        by = None if event.actor == NOBODY else self._who(event.actor, link)
        if event.actor != NOBODY and by is None:
            return Outcome(Reason.NO_PERSON, "Nobody here is known to be who asked for this.")
        return self._telling(link).retract(event, by=by)


def happened(draft: Draft, hook: Hook) -> datetime:
    said, received = draft.occurred_at, hook.received_at
    return said if said and said < received + AHEAD else received
