from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, Self

from django.conf import settings
from django.db import models, transaction
from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from django.utils import timezone

from idonethis.accounts.models import User
from idonethis.audit.models import record
from idonethis.entries.drafts import Origin
from idonethis.ids import hash_id
from idonethis.integrations import registry
from idonethis.integrations.base import (
    Integration,
    Polls,
    Posts,
    Reads,
    Scope,
    TakesMail,
)
from idonethis.integrations.http import Client, NeedsReconnect
from idonethis.integrations.models.addressed import Addressed
from idonethis.integrations.models.integration_user import IntegrationUser
from idonethis.integrations.models.kept import Kept
from idonethis.integrations.models.link_states import GONE, By, State
from idonethis.integrations.models.polling import Polling, PollingQuerySet
from idonethis.integrations.models.registered_hook import RegisteredHook
from idonethis.integrations.rules import Rules
from idonethis.integrations.values import Secret
from idonethis.prepared import Prepared
from idonethis.teams.models import Membership, Team
from idonethis.teams.signals import member_leaves, team_ends


class IntegrationLinkQuerySet(PollingQuerySet["IntegrationLink"]):
    def for_team(self, team: Team) -> Self:
        types = registry.types_of(Scope.TEAM)
        return self.standing().filter(team=team, integration_type__in=types)

    def for_user(self, user: User) -> Self:
        types = registry.types_of(Scope.USER)
        return self.standing().filter(user=user, integration_type__in=types)

    def visible_to(self, user: User) -> Self:
        return self.standing().filter(team__memberships__user=user)

    def manageable_by(self, user: User) -> Self:
        """Links that this person may change."""
        return self.standing().in_charge_of(user)

    def in_charge_of(self, user: User) -> Self:
        """Their own, and those of the teams they administer; removed ones too."""
        administered = Team.objects.filter(memberships__user=user, memberships__role="admin")
        mine = Q(user=user, team__memberships__user=user)
        return self.filter(mine | Q(team__in=administered)).distinct()

    def standing(self) -> Self:
        known = registry.types()
        return self.exclude(state__in=GONE).filter(integration_type__in=known)

    def leaving(self) -> Self:
        """Those whose webhook the partner has not let go of at the first try."""
        going = self.filter(state=State.REMOVING, integration_type__in=registry.types())
        return going.exclude(registered_hook__trouble="")

    def listening(self) -> Self:
        return self.standing().filter(integration_type__in=registry.types_able(Reads))

    def at_addresses(self) -> Self:
        """Those that take mails, where mails come in at all."""
        types = registry.types_able(TakesMail) if settings.MAIL_ADDRESS else []
        return self.standing().filter(integration_type__in=types)

    def taking_mail(self, team: Team) -> IntegrationLink | None:
        """By which members of this team log by mail, if they may."""
        return self.at_addresses().filter(team=team).order_by("pk").first()

    def waiting(self) -> Self:
        """Those that need an account; not while another one is being looked for."""
        return self.standing().filter(state=State.NEEDS_RECONNECT, hand_over_at=None)

    def asking(self) -> Self:
        """Those that ask their partner now and then; in trouble too, since it may be over."""
        able = self.standing().filter(integration_type__in=registry.types_able(Polls))
        return able.exclude(state=State.PAUSED)

    def orphaned(self) -> Self:
        """Those whose account, or who looked after it where there is none, has left the team."""
        inside = Membership.objects.filter(team=OuterRef("team"), user__is_active=True)
        owner = inside.filter(user=OuterRef("integration_user__user"))
        others = inside.filter(user__integration_users__workspace=OuterRef("integration_user"))
        maker = inside.filter(user=OuterRef("user"))
        account = Q(integration_user__isnull=False) & ~Exists(owner) & ~Exists(others)
        by_hand = Q(integration_user=None, user__isnull=False) & ~Exists(maker)
        own_hooks = Q(integration_type__in=registry.types_with_own_hooks())
        return self.standing().filter(account | by_hand & own_hooks, hand_over_at=None)

    def sending(self) -> Self:
        """Links that entries go out by; those in trouble too: theirs wait."""
        return self.sending_among(*_types())

    def sending_of(self, teams: Iterable[int]) -> list[IntegrationLink]:
        """Those of these teams."""
        return SENDING(list(teams), *_types())

    def sending_among(self, posting: Sequence[str], connecting: Sequence[str]) -> Self:
        """``connecting`` are the types that need an account: of a link that was made without, and
        is not in need of one, nothing can be asked of the partner."""
        able = self.exclude(state__in=[*GONE, State.PAUSED]).filter(integration_type__in=posting)
        without = Q(integration_user=None, integration_type__in=connecting)
        return able.exclude(without & ~Q(state=State.NEEDS_RECONNECT))


def _types() -> tuple[list[str], list[str]]:
    """Of those by which entries can go out, and of those that need an account."""
    return registry.types_able(Posts), registry.types_that_connect()


SENDING = Prepared(
    lambda teams, *types: IntegrationLink.objects.filter(team__id__in=teams).sending_among(*types)
)


class IntegrationLink(Kept, Polling, Addressed):
    """A partner wired to a team: what flows in, what flows out, by whose leave."""

    State = State

    hash_id = models.CharField(max_length=12, unique=True, default=hash_id, editable=False)
    integration_type = models.CharField(max_length=40)
    team = models.ForeignKey(Team, models.CASCADE, related_name="links", db_index=False)
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
    last_received_at = models.DateTimeField(null=True)
    last_sent_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField(auto_now_add=True)

    table = "integration_link"
    objects = IntegrationLinkQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["integration_type", "subject"], name="by_subject"),
            models.Index(fields=["team", "-carried_at"], name="links_in_turn"),
        ]

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
    def rules(self) -> Rules:
        return self.integration.rules(self)

    @property
    def rules_sentence(self) -> str:
        """Its rules, in one sentence beside the summary; nothing where there are none."""
        return self.rules.sentence(self.rules.people_in(self.team))

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
    def is_by_hand(self) -> bool:
        has_none = self.integration.connects and self.integration_user_id is None
        return has_none and self.state != State.NEEDS_RECONNECT

    @property
    def posts(self) -> bool:
        return isinstance(self.integration, Posts) and not self.is_by_hand

    @property
    def subscribed(self) -> str:
        """Where it tells, and by which token that was subscribed; nothing for all others."""
        account = self.integration_user
        return str(account) if account and account.kind == "hook" else ""

    @property
    def lacks_webhook(self) -> bool:
        """Its trouble is that of its webhook, which ends when that stands again."""
        hook = self.registered_hook
        return bool(hook and self.trouble and hook.trouble == self.trouble)

    @property
    def is_idle(self) -> bool:
        """Nothing flows until somebody brings the partner's secret."""
        return self.awaits_secret and not self.posts

    def take_secret(self, secret: Secret) -> None:
        super().take_secret(secret)
        if self.state == State.NEEDS_SECRET:
            self.resume()

    @property
    def origin(self) -> Origin:
        label = self.integration.came_from(self)[:120]
        return Origin(self.integration_type, self.hash_id, label)

    def client(self) -> Client:
        """Calls the partner with the account of the link; without one there is nothing to prove.
        Raises NeedsReconnect where whose it is has left the team."""
        if not self.integration_user:
            return self.integration.client()
        if not self.may_act:
            self.lose_account()
            raise NeedsReconnect(self.trouble)
        return self.integration_user.client()

    @transaction.atomic
    def pause(self) -> None:
        self.move(State.PAUSED, by=By.PERSON)
        self.record("link.paused")

    @transaction.atomic
    def resume(self, *, by: By = By.PERSON) -> int:
        """It goes on, and its webhook is looked after, too; returns how many entries were held."""
        if self.registered_hook:
            self.registered_hook.check_soon()
        if isinstance(self.integration, Polls):
            self.poll_soon()
        if by is By.PERSON:
            self.record("link.resumed")
        return self.go_on(by=by)

    def go_on(self, *, by: By) -> int:
        """What was held meanwhile goes out; returns how many entries. What a storm holds waits on,
        until somebody has decided about it."""
        in_storm = self.storms.filter(released_at=None).exists()
        self.move(State.STORM_HELD if in_storm else State.ACTIVE, by=by)
        self.rest(None)
        released: int = self.deliveries.release()
        return released

    @transaction.atomic
    def remove(self, *, by: By = By.PERSON) -> None:
        """Ends the link. The webhook at the partner goes with its last link, retried until the
        partner confirms; until then the link is being removed. Entries stay."""
        # Of two links that end at once, the second must see that the first is gone.
        hook = RegisteredHook.objects.select_for_update().filter(links=self).first()
        others = hook.links.exclude(pk=self.pk).exclude(state__in=GONE) if hook else None
        waits = others is not None and not others.exists()
        self.move(State.REMOVING if waits else State.REMOVED, by=by)
        self.record("link.removed")
        if hook:
            hook.let_go()
        if self.integration_user:
            self.integration_user.end_with_link()

    def record(self, action: str, **details: Any) -> None:
        record(action, self, team=self.team, type=self.integration_type, **details)

    def sent(self) -> None:
        type(self).objects.filter(pk=self.pk).update(last_sent_at=timezone.now())


def _end_with(team: Team, **signal: Any) -> None:
    """The links of a team that is deleted, so that no webhook of theirs stays at a partner."""
    for link in IntegrationLink.objects.standing().filter(team=team):
        link.remove(by=By.SERVER)


def _lose_accounts(team: Team, **signal: Any) -> None:
    """Of whoever has just left."""
    for link in IntegrationLink.objects.orphaned().filter(team=team):
        link.lose_account()


team_ends.connect(_end_with)
member_leaves.connect(_lose_accounts)
