from __future__ import annotations

import re

from django.db import models, transaction
from django.utils import timezone

from idonethis.audit.models import record
from idonethis.entries.drafts import Actor
from idonethis.entries.text import folded
from idonethis.integrations import registry
from idonethis.integrations.models.integration_link import IntegrationLink
from idonethis.integrations.models.integration_user import IntegrationUser, actor_key
from idonethis.teams.models import Team

#: What programs are called that do not say what they are: ``renovate[bot]``, ``deploy-bot``.
_BOT = re.compile(r".+\[bot\]|(?:.*[-_. ])?bot(?:[-_. ].*)?", re.IGNORECASE)


class UnclaimedPersonQuerySet(models.QuerySet["UnclaimedPerson"]):
    def open(self) -> UnclaimedPersonQuerySet:
        return self.filter(ignored=False)

    def note(self, actor: Actor, link: IntegrationLink) -> UnclaimedPerson:
        """Somebody whom the team of this link does not know has done something."""
        return self.note_in(link.team, actor, integration_type=link.integration_type)

    def note_in(self, team: Team, actor: Actor, *, integration_type: str) -> UnclaimedPerson:
        seen = {
            "login": actor.login[:200],
            "name": actor.name[:200],
            "email": folded(actor.email)[:254],
            "vouched": actor.vouched,
            "bot": actor.bot,
            "last_seen": timezone.now(),
        }
        person, _ = self.update_or_create(
            team=team,
            integration_type=integration_type,
            key=actor_key(actor),
            defaults=seen,
        )
        return person

    def list_again(self, known: IntegrationUser, team: Team) -> UnclaimedPerson:
        """They were matched in this team, and are not any more."""
        seen = {"login": known.login, "name": known.name, "email": known.email, "ignored": False}
        person, _ = self.update_or_create(
            team=team, integration_type=known.integration_type, key=known.uid, defaults=seen
        )
        return person


class UnclaimedPerson(models.Model):
    """Somebody at a partner whom a team does not know yet. What they did waits for a claim."""

    team = models.ForeignKey(Team, models.CASCADE, related_name="unclaimed")
    integration_type = models.CharField(max_length=40)
    key = models.CharField(max_length=200)
    login = models.CharField(max_length=200, blank=True)
    name = models.CharField(max_length=200, blank=True)
    email = models.CharField(max_length=254, blank=True)
    #: The partner itself knows the address to be theirs; see Actor.
    vouched = models.BooleanField(default=False)
    bot = models.BooleanField(default=False)
    ignored = models.BooleanField(default=False)
    first_seen = models.DateTimeField(auto_now_add=True)
    last_seen = models.DateTimeField(auto_now=True)

    objects = UnclaimedPersonQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["team", "integration_type", "key"], name="one_unclaimed"
            )
        ]
        ordering = ["-last_seen"]

    def __str__(self) -> str:
        return self.login or self.name or self.email or self.key

    @property
    def partner(self) -> str:
        """The partner's name, for people."""
        return registry.name_of(self.integration_type)

    @property
    def looks_like_a_bot(self) -> bool:
        return self.bot or bool(_BOT.fullmatch(self.login or self.name))

    @transaction.atomic
    def ignore(self) -> None:
        self._set(ignored=True)
        record("unclaimed.ignored", str(self.pk), team=self.team, type=self.integration_type)

    @transaction.atomic
    def heed(self) -> None:
        """Takes an ``ignore`` back."""
        self._set(ignored=False)
        record("unclaimed.heeded", str(self.pk), team=self.team, type=self.integration_type)

    def _set(self, *, ignored: bool) -> None:
        self.ignored = ignored
        self.save(update_fields=["ignored"])
