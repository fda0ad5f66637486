from __future__ import annotations

from typing import Any, Self

from django.conf import settings
from django.db import models, transaction
from django.urls import reverse
from django.utils import timezone

from idonethis.accounts.models import User
from idonethis.audit.models import record
from idonethis.entries.drafts import Origin
from idonethis.ids import hash_id, hook_token
from idonethis.integrations import registry
from idonethis.integrations.base import Integration, Receives, ReceivesForAll, Scope, Sends
from idonethis.integrations.http import Client, Gone, NeedsPermission, NeedsReconnect, Never
from idonethis.integrations.models.integration_user import IntegrationUser
from idonethis.integrations.models.registered_hook import RegisteredHook
from idonethis.integrations.models.signed import Signed
from idonethis.teams.models import Team
from idonethis.teams.signals import team_ends


class IntegrationLinkQuerySet(models.QuerySet["IntegrationLink"]):
    def for_team(self, team: Team) -> Self:
        types = registry.types(Scope.TEAM)
        return self.standing().filter(team=team, integration_type__in=types)

    def for_user(self, user: User) -> Self:
        types = registry.types(Scope.USER)
        return self.standing().filter(user=user, integration_type__in=types)

    def visible_to(self, user: User) -> Self:
        return self.standing().filter(team__memberships__user=user)

    def manageable_by(self, user: User) -> Self:
        """Links that this person may change."""
        return self.standing().in_charge_of(user)

    def in_charge_of(self, user: User) -> Self:
        """Their own, and those of the teams they administer; removed ones too."""
        administered = Team.objects.filter(memberships__user=user, memberships__role="admin")
        mine = models.Q(user=user, team__memberships__user=user)
        return self.filter(mine | models.Q(team__in=administered)).distinct()

    def standing(self) -> Self:
        known = registry.types()
        return self.exclude(state=IntegrationLink.State.REMOVED).filter(integration_type__in=known)

    def listening(self) -> Self:
        return self.standing().filter(integration_type__in=registry.types(able=Receives))

    def sending(self) -> Self:
        """Links that entries go out by; those in trouble too: theirs wait."""
        able = self.standing().filter(integration_type__in=registry.types(able=Sends))
        return able.exclude(state=IntegrationLink.State.PAUSED)


class IntegrationLink(Signed):
    """A partner wired to a team: what flows in, what flows out, by whose leave."""

    class State(models.TextChoices):
        ACTIVE = "active", "Active"
        PAUSED = "paused", "Paused"
        NEEDS_RECONNECT = "needs_reconnect", "Reconnect"
        NEEDS_PERMISSION = "needs_permission", "Needs permission"
        TARGET_GONE = "target_gone", "Target is gone"
        STORM_HELD = "storm_held", "Storm held"
        NEEDS_SECRET = "needs_secret", "Needs its new secret"
        REMOVED = "removed", "Removed"

    hash_id = models.CharField(max_length=12, unique=True, default=hash_id, editable=False)
    integration_type = models.CharField(max_length=40)
    team = models.ForeignKey(Team, models.CASCADE, related_name="links")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    integration_user = models.ForeignKey(
        IntegrationUser, models.SET_NULL, null=True, related_name="links"
    )
    registered_hook = models.ForeignKey(
        RegisteredHook, models.SET_NULL, null=True, related_name="links"
    )
    #: The thing at the partner that this link is about, as its partner names it.
    subject = models.CharField(max_length=300, blank=True)
    config = models.JSONField(default=dict)
    hook_token = models.CharField(max_length=43, unique=True, default=hook_token, editable=False)
    state = models.CharField(max_length=16, choices=State.choices, default=State.ACTIVE)
    trouble = models.CharField(max_length=300, blank=True)
    last_received_at = models.DateTimeField(null=True)
    last_sent_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    table = "integration_link"
    objects = IntegrationLinkQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["integration_type", "subject"], name="by_subject")]

    def __str__(self) -> str:
        return self.short_name

    @property
    def integration(self) -> Integration:
        return registry.integrations()[self.integration_type]

    @property
    def short_name(self) -> str:
        return self.integration.short_name(self)

    @property
    def summary(self) -> str:
        return self.integration.summary(self)

    @property
    def people_named(self) -> list[str]:
        """The names of those whom its rules name."""
        named = self.integration.rules(self).people
        members = self.team.members.filter(hash_id__in=named) if named else ()
        return sorted(str(member) for member in members)

    @property
    def rules_sentence(self) -> str:
        """Its rules, in one sentence beside the summary; nothing where there are none."""
        return self.integration.rules(self).sentence(self.people_named)

    @property
    def delete_path(self) -> str:
        return reverse("destroy_link", args=[self.integration_type, self.hash_id])

    def get_absolute_url(self) -> str:
        return reverse("link", args=[self.hash_id])

    @property
    def settings_path(self) -> str:
        """The page where this link stands, by the scope of its integration."""
        if self.integration.scope is Scope.USER:
            return reverse("my_connections")
        return reverse("team_integrations", args=[self.team.slug])

    @property
    def hook_url(self) -> str:
        """Where the partner must send: one address for all, or one of this link's own."""
        if isinstance(self.integration, ReceivesForAll):
            return settings.BASE_URL + reverse("hook", args=[self.integration_type])
        return settings.BASE_URL + reverse("hook", args=[self.integration_type, self.hook_token])

    @property
    def signer(self) -> Signed:
        """Whose secret the partner signs with: the webhook's that we made, or the link's own."""
        return self.registered_hook or self

    @property
    def has_own_secret(self) -> bool:
        """A person has brought it to the sender."""
        return registry.takes_own_hooks(self.integration) and not self.registered_hook_id

    @property
    def origin(self) -> Origin:
        label = self.integration.came_from(self)[:120]
        return Origin(self.integration_type, self.hash_id, label)

    @property
    def is_paused(self) -> bool:
        return self.state == self.State.PAUSED

    @property
    def is_in_storm(self) -> bool:
        """What comes in is held; what goes out goes out."""
        return self.state == self.State.STORM_HELD

    @property
    def is_in_trouble(self) -> bool:
        sound = (self.State.ACTIVE, self.State.PAUSED, self.State.REMOVED, self.State.STORM_HELD)
        return self.state not in sound

    def client(self) -> Client:
        """Calls the partner as who made the link. Without an account there is nothing to prove."""
        if self.integration_user:
            return self.integration_user.client()
        return Client(self.integration.address("api"))

    @transaction.atomic
    def pause(self) -> None:
        self._move_to(self.State.PAUSED)
        self.record("link.paused")

    @transaction.atomic
    def resume(self) -> int:
        """What was held meanwhile goes out; returns how many entries."""
        in_storm = self.storms.filter(released_at=None).exists()
        self._move_to(self.State.STORM_HELD if in_storm else self.State.ACTIVE)
        self.record("link.resumed")
        released: int = self.deliveries.release()
        return released

    def troubled_by(self, problem: Never) -> None:
        """Something must be done by a person before this link can send again. A refusal of one
        entry alone says nothing about the link."""
        states = {
            NeedsReconnect: self.State.NEEDS_RECONNECT,
            NeedsPermission: self.State.NEEDS_PERMISSION,
            Gone: self.State.TARGET_GONE,
        }
        if state := states.get(type(problem)):
            self._move_to(state, trouble=str(problem))

    @transaction.atomic
    def remove(self) -> None:
        """Ends the link. The webhook at the partner goes with its last link, retried until the
        partner confirms; entries stay."""
        # Of two links that end at once, the second must see that the first is gone.
        hook = RegisteredHook.objects.select_for_update().filter(links=self).first()
        self._move_to(self.State.REMOVED)
        self.record("link.removed")
        if hook:
            hook.let_go()

    def _move_to(self, state: str, *, trouble: str = "") -> None:
        self.state, self.trouble = state, trouble[:300]
        self.save(update_fields=["state", "trouble", "updated_at"])

    def record(self, action: str, **details: Any) -> None:
        record(action, self, team=self.team, type=self.integration_type, **details)

    def sent(self) -> None:
        type(self).objects.filter(pk=self.pk).update(last_sent_at=timezone.now())


def _end_with(team: Team, **signal: Any) -> None:
    """The links of a team that is deleted, so that no webhook of theirs stays at a partner."""
    for link in IntegrationLink.objects.standing().filter(team=team):
        link.remove()


team_ends.connect(_end_with)
