"""What one event does to the log of a team, and to what waits for its person to be logged."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import NamedTuple

from idonethis.accounts.models import User
from idonethis.entries.drafts import Draft, Retitle, Retract
from idonethis.entries.models import Change, Source, Told
from idonethis.entries.models.births import Births, Whose
from idonethis.integrations.models.integration_link import IntegrationLink
from idonethis.integrations.models.suggestion import Suggestion
from idonethis.integrations.models.trying import leaving_nothing
from idonethis.integrations.values import Reason

#: Of a sentence that a receipt keeps, in characters.
LONGEST = 300


class Outcome(NamedTuple):
    """How a receipt ends. No reason: not yet, it will be tried again. ``changed``: the log, or
    what waits for it, is another than before. ``freed``: an entry that is forgotten, and those that
    have regained what was theirs; what had joined them has to be read once more."""

    reason: Reason | None
    why: str = ""
    entry: str = ""
    actor_key: str = ""
    suggestion: str = ""
    changed: bool = False
    freed: tuple[str, ...] = ()

    @property
    def decides(self) -> bool:
        return self.reason is Reason.DECIDED

    @property
    def sentence(self) -> str:
        """Why, as a receipt keeps it: one that is too long says that it goes on."""
        return self.why if len(self.why) <= LONGEST else f"{self.why[: LONGEST - 1]}…"

    @property
    def stored(self) -> dict[str, str]:
        """What a receipt keeps of it, besides the reason, as long as its columns are."""
        return {
            "why": self.sentence,
            "entry": self.entry,
            "actor_key": self.actor_key[:254],
            "suggestion": self.suggestion,
        }


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
#: Nothing here says what is suggested: of that, nobody but its person may know.
WAITS = {
    Suggestion.State.PENDING: (Reason.SUGGESTED, "Waits for its person."),
    Suggestion.State.DISMISSED: (Reason.DISMISSED, "Its person dismissed it."),
    Suggestion.State.EXPIRED: (Reason.EXPIRED, "Its person did not decide within 14 days."),
    Suggestion.State.RETRACTED: (
        Reason.RETRACTED,
        "It was taken back before its person had decided.",
    ),
}
CHANGING = (Change.CREATED, Change.UPDATED, Change.MERGED, Change.RETRACTED)
#: What a rule has left out, said of what it had let through before.
GONE = {
    Change.RETRACTED: " Its entry is gone.",
    Change.UPDATED: " Its entry says so no more.",
    Change.UNCHANGED: " Its entry stays, since people have had a hand in it.",
}


@dataclass(frozen=True)
class Telling:
    """``again``: the event was read before. ``anew``: it has had part in an entry, which follows
    today's rules. ``looks``: something may wait in this team, so look. ``imported`` names the
    import that brings it."""

    link: IntegrationLink
    births: Births
    again: bool = False
    anew: bool = False
    suggests: bool = False
    looks: bool = True
    imported: str = ""

    def log(self, draft: Draft, user: User) -> Outcome:
        """Makes or changes an entry; where the link suggests, that waits for its person."""
        found = None
        if self.looks:
            found = Suggestion.objects.about(draft, team=self.link.team, user=user)
        if found is None and not self.suggests:
            return self._tell(draft, user)
        return self._suggest(draft, found or Suggestion.begun(draft, self.link, user))

    def _tell(self, draft: Draft, user: User) -> Outcome:
        whose = Whose(self.link.team, user, self.link.origin)
        if self.imported:
            draft = replace(draft, imported=self.imported)
        if self.anew:
            return outcome_of(Source.objects.retell(draft, **whose._asdict()))
        return outcome_of(self.births.tell(draft, whose))

    def _suggest(self, draft: Draft, suggestion: Suggestion) -> Outcome:
        self.births.store()
        if suggestion.is_decided:
            return self._as_decided(draft, suggestion)
        if self.again and suggestion.pk:
            # Who has undone their yes wants no entry.
            Source.objects.forget(suggestion.key, team=self.link.team, origin=self.link.origin)
        whole = suggestion.gathered(draft)
        told = self._would_tell(whole, suggestion.user)
        if told.entry and told.change is Change.CREATED:
            is_news = suggestion.hear(told.entry, whole)
            return waiting(suggestion)._replace(changed=is_news)
        return self._join(draft, suggestion)

    def _as_decided(self, draft: Draft, suggestion: Suggestion) -> Outcome:
        if suggestion.state == Suggestion.State.ACCEPTED:
            told = self._tell(draft, suggestion.user)
            return told._replace(suggestion=suggestion.hash_id)
        return waiting(suggestion)

    def _join(self, draft: Draft, suggestion: Suggestion) -> Outcome:
        """An entry stands for it already, or it was taken back: there is nothing to ask."""
        told = self._tell(draft, suggestion.user)
        if told.entry:
            suggestion.accept()
        return told

    def _would_tell(self, draft: Draft, user: User) -> Told:
        with leaving_nothing():
            team, origin = self.link.team, self.link.origin
            return Source.objects.tell(draft, team=team, user=user, origin=origin)

    def leave_out(self, outcome: Outcome, draft: Draft, user: User | None) -> Outcome:
        """A rule does not let this through any more. What it let through before goes."""
        waits = Suggestion.objects.about(draft, team=self.link.team, user=user) if user else None
        if waits and waits.state == Suggestion.State.PENDING:
            waits.lose(draft)
            return outcome._replace(suggestion=waits.hash_id, changed=True)
        told = Source.objects.untell(draft, team=self.link.team, origin=self.link.origin)
        freed = (told.entry, *told.regained) if told.change is Change.RETRACTED else ()
        return outcome._replace(
            why=outcome.why + GONE.get(told.change, ""),
            entry=told.entry.hash_id if told.entry else "",
            changed=told.change in CHANGING,
            freed=tuple(entry.hash_id for entry in freed if entry),
        )

    def retitle(self, words: Retitle) -> Outcome:
        """Words for what is only suggested are kept for when it is logged, and shown to its
        person."""
        self.births.make_way(words.key, self.link.team)
        told = Source.objects.retitle(words, team=self.link.team)
        found = self._waiting(words.key)
        if found is None or found.state == Suggestion.State.ACCEPTED:
            return outcome_of(told)
        is_news = found.reword(words.body, words.as_of)
        return waiting(found)._replace(changed=is_news)

    def retract(self, retraction: Retract, *, by: User | None) -> Outcome:
        self.births.make_way(retraction.key, self.link.team)
        told = Source.objects.retract(retraction, team=self.link.team, by=by)
        found = self._waiting(retraction.key)
        if found is None or found.state != Suggestion.State.PENDING or told.entry:
            return outcome_of(told)
        if by and by != found.user:
            return outcome_of(Told(Change.NOT_THEIRS))
        is_news = found.retract(retraction.as_of)
        return waiting(found)._replace(changed=is_news)

    def _waiting(self, key: str) -> Suggestion | None:
        return Suggestion.objects.under(key, team=self.link.team) if self.looks else None


def outcome_of(told: Told) -> Outcome:
    (reason, sentence), entry = SAYS[told.change], told.entry.hash_id if told.entry else ""
    return Outcome(reason, sentence, entry, changed=told.change in CHANGING)


def waiting(suggestion: Suggestion) -> Outcome:
    reason, sentence = WAITS[Suggestion.State(suggestion.state)]
    return Outcome(reason, sentence, suggestion=suggestion.hash_id)
