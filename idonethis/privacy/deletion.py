from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC
from typing import Any

from allauth.account.models import EmailAddress
from django.db import models, transaction

from idonethis.accounts.models import User
from idonethis.audit.models import record
from idonethis.entries import leaving
from idonethis.entries.models import Entry
from idonethis.entries.traces import Traces
from idonethis.feeds.models import Feed
from idonethis.integrations.models import (
    Attempt,
    Authorization,
    Bygone,
    Erasure,
    Incident,
    IntegrationLink,
    IntegrationUser,
    Notice,
    RegisteredHook,
    Revocation,
    Suggestion,
    UnclaimedPerson,
)
from idonethis.porting.models import Upload
from idonethis.teams.models import LastAdmin, Membership, Role, Team


class CannotGo(Exception):
    """Others would be left without something that they need. The message is fit for people."""


@dataclass(frozen=True)
class Deletion:
    """Somebody's account and everything that names them. What has to be ended at partners, and the
    stored hooks that hold their words, follow in the background."""

    user: User

    @property
    def obstacle(self) -> str:
        """Why it cannot be done yet; empty where it can."""
        if self.user.is_last_administrator:
            return "Nobody else administers this server. Make somebody else an administrator first."
        if left := [team.name for team in self._shared if self._leaves_without_admin(team)]:
            return f"Nobody else is an admin of {' and '.join(left)}. Make somebody an admin there."
        return ""

    @property
    def _shared(self) -> models.QuerySet[Team]:
        return Team.objects.shared().filter(memberships__user=self.user)

    @property
    def teams_that_go(self) -> list[Team]:
        """Those in which nobody else is."""
        return [team for team in self._shared if team.memberships.count() == 1]

    @property
    def archives(self) -> models.QuerySet[Bygone]:
        """Files of the archive, which are never changed, of the days since they came: what partners
        sent of them may lie there."""
        since = self.user.date_joined.astimezone(UTC).date()
        return Bygone.objects.archived(since=since)

    def _leaves_without_admin(self, team: Team) -> bool:
        others = team.memberships.exclude(user=self.user)
        return others.exists() and not others.filter(role=Role.ADMIN).exists()

    @transaction.atomic
    def run(self) -> None:
        """Raises CannotGo, with nothing changed."""
        if obstacle := self.obstacle:
            raise CannotGo(f"{obstacle} Nothing was deleted.")
        record("person.deleted", self.user)
        self._forget()

    def _forget(self) -> None:
        words, actors = self._words(), self._actors()
        traces, telling = Traces.of(words), Traces.of(filter(self._is_telling, words))
        suggestions = Suggestion.objects.filter(user=self.user)
        theirs = [*_names(Entry.objects.for_user(self.user)), *_names(suggestions)]
        Attempt.objects.forget_in(self._shared)
        Upload.objects.forget_about(self._shared, words)
        self._leave_teams()
        leaving.forget(self.user, traces)
        leaving.forget_in_words_of_others(telling)
        suggestions.delete()
        Suggestion.objects.erase(telling)
        self._leave_partners(traces, actors)
        self._forget_in_links(Traces.of(filter(_holds_address, words)))
        Erasure.objects.begin(telling, actors=actors, entries=theirs)
        Feed.objects.of(self.user).delete()
        self.user.end_sessions()
        self.user.forget()

    @property
    def _accounts(self) -> models.QuerySet[IntegrationUser]:
        return IntegrationUser.objects.filter(user=self.user, kind="user")

    def _words(self) -> set[str]:
        words = {self.user.name, self.user.email, f"@{self.user.nickname}"}
        words |= set(EmailAddress.objects.filter(user=self.user).values_list("email", flat=True))
        for account in self._accounts:
            words |= {account.login, account.name, account.email, account.uid.removeprefix("@")}
        return {word for word in words if not word.isdecimal()}

    def _is_telling(self, word: str) -> bool:
        """A name of one word may be a word like any other; in what others wrote it stays."""
        names = {self.user.name, *(account.name for account in self._accounts)}
        return word not in names or " " in word.strip()

    def _actors(self) -> list[str]:
        """How receipts name them: by id, by login, by address."""
        keys = {account.uid for account in self._accounts}
        keys |= {f"@{account.login.lower()}" for account in self._accounts if account.login}
        addresses = EmailAddress.objects.filter(user=self.user).values_list("email", flat=True)
        return sorted(keys | {f"mailto:{address.lower()}" for address in addresses})

    def _leave_teams(self) -> None:
        for team in self.teams_that_go:
            team.delete()
        for membership in Membership.objects.filter(user=self.user, team__personal_of=None):
            try:
                membership.end()
            except LastAdmin as problem:
                raise CannotGo(str(problem)) from problem
        for team in Team.objects.filter(personal_of=self.user):
            team.delete()

    def _forget_in_troubles(self, traces: Traces) -> None:
        """Whose account a link used is named in what is said about it."""
        said = ((IntegrationLink, "trouble"), (Incident, "why"))
        for model, field in said:
            for pk, text in model.objects.exclude(**{field: ""}).values_list("pk", field):
                if traces.are_in(text):
                    model.objects.filter(pk=pk).update(**{field: traces.erased(text)})

    def _forget_in_links(self, addresses: Traces) -> None:
        """Somebody's own calendar is called after their address, and a link may know to whom it
        has told something. Other words of theirs may name what the team works on."""
        for model in (IntegrationLink, RegisteredHook):
            for pk, subject in model.objects.values_list("pk", "subject"):
                if addresses.are_in(subject):
                    model.objects.filter(pk=pk).update(subject=addresses.nameless(subject))
        for link in IntegrationLink.objects.only("config", "poll_cursor"):
            said = json.dumps([link.config, link.poll_cursor], ensure_ascii=False)
            if addresses.are_in(said):
                kept, cursor = json.loads(addresses.erased(said))
                rows = IntegrationLink.objects.filter(pk=link.pk)
                rows.update(config=kept, poll_cursor=cursor)

    def _leave_partners(self, traces: Traces, actors: list[str]) -> None:
        Authorization.objects.filter(user=self.user).delete()
        Notice.objects.filter(user=self.user).delete()
        self._forget_in_troubles(traces)
        named = models.Q(login__in=traces.words) | models.Q(email__in=traces.words)
        UnclaimedPerson.objects.filter(models.Q(key__in=actors) | named).delete()
        IntegrationLink.objects.filter(user=self.user).update(user=None)
        for account in self._accounts:
            if account.sealed:
                Revocation.objects.begin(account)
            else:
                account.delete()


def _holds_address(word: str) -> bool:
    return "@" in word[1:]


def _names(rows: models.QuerySet[Any]) -> list[str]:
    """By which receipts know what they became."""
    return list(rows.values_list("hash_id", flat=True))
