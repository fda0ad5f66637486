from __future__ import annotations

from django.db import models, transaction
from django.utils import timezone

from idonethis.audit.models import record
from idonethis.entries.drafts import Actor
from idonethis.integrations import registry
from idonethis.integrations.models.integration_link import IntegrationLink
from idonethis.teams.models import Team


def actor_key(actor: Actor) -> str:
    """One name for an actor: the stable id, else the login, else the mail address."""
    mail = f"mailto:{actor.email.lower()}" if actor.email else ""
    return (actor.uid or (f"@{actor.login.lower()}" if actor.login else mail))[:200]


class UnclaimedPersonQuerySet(models.QuerySet["UnclaimedPerson"]):
    def open(self) -> UnclaimedPersonQuerySet:
        return self.filter(ignored=False)


class UnclaimedPerson(models.Model):
    """Somebody at a partner whom a team does not know yet. What they did waits for a claim."""

    team = models.ForeignKey(Team, models.CASCADE, related_name="unclaimed")
    integration_type = models.CharField(max_length=40)
    key = models.CharField(max_length=200)
    login = models.CharField(max_length=200, blank=True)
    name = models.CharField(max_length=200, blank=True)
    email = models.CharField(max_length=254, blank=True)
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
        integration = registry.get(self.integration_type)
        return integration.name if integration else self.integration_type

    @classmethod
    def note(cls, actor: Actor, link: IntegrationLink) -> None:
        seen = {
            "login": actor.login[:200],
            "name": actor.name[:200],
            "email": actor.email[:254],
            "last_seen": timezone.now(),
        }
        cls.objects.update_or_create(
            team=link.team,
            integration_type=link.integration_type,
            key=actor_key(actor),
            defaults=seen,
        )

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
