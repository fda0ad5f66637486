from __future__ import annotations

from collections.abc import Iterable
from typing import Self

from allauth.account.models import EmailAddress
from django.conf import settings
from django.db import IntegrityError, models, transaction

from idonethis.accounts.models import User
from idonethis.audit.models import record
from idonethis.entries.drafts import Actor
from idonethis.entries.text import clean, folded
from idonethis.ids import hash_id, shortened
from idonethis.integrations import registry
from idonethis.integrations.http import Again
from idonethis.integrations.models.grant import Grant
from idonethis.integrations.models.link_states import By, State
from idonethis.integrations.values import Account
from idonethis.prepared import Prepared
from idonethis.teams.models import Team

PROVEN = Prepared(
    lambda kind, uids: IntegrationUser.objects.people().filter(
        integration_type=kind, team=None, uid__in=uids
    )
)
MATCHED = Prepared(
    lambda kind, uid, team: IntegrationUser.objects.people().filter(
        integration_type=kind, team=team, uid=uid
    )
)


class Taken(Exception):
    """The account at the partner already belongs to somebody else here."""


class IntegrationUserQuerySet(models.QuerySet["IntegrationUser"]):
    def who(self, actor: Actor, *, integration_type: str, team: Team) -> User | None:
        """The person behind an actor, by evidence only and never by a name that anybody can
        choose: first who proved the account by OAuth, then whom this team has matched, then who
        has verified the mail address. The person may or may not be in the team."""
        key = actor_key(actor)
        if not key:
            return None
        known = PROVEN(integration_type, uids(actor))
        proven = min(known, key=lambda each: each.uid != key, default=None)
        if proven and team.has_member(proven.user):
            return proven.user
        if matched := MATCHED(integration_type, key, team.pk):
            return matched[0].user
        return _by_mail(actor, team) or (proven.user if proven else None)

    def people(self) -> Self:
        return self.filter(kind="user").select_related("user")

    def proven(self, actor: Actor, *, integration_type: str) -> User | None:
        """The person behind an actor, where that is more than the word of a team: for what is
        theirs alone."""
        known = self.filter(integration_type=integration_type, uid=actor.uid, team=None)
        found = known.filter(kind="user").select_related("user").first() if actor.uid else None
        return found.user if found else None

    @transaction.atomic
    def establish(self, account: Account, *, integration_type: str, user: User) -> IntegrationUser:
        """Keeps whom a fresh grant speaks for. Raises Taken, and Again where the partner did not
        say who that is, with nothing changed."""
        workspace = None
        if account.workspace:
            workspace = self._keep(account.workspace, integration_type, kind="workspace", user=user)
        kept = self._keep(account, integration_type, kind="user", user=user, workspace=workspace)
        record("identity.connected", kept, type=integration_type, person=user.hash_id)
        return kept

    def _keep(
        self,
        account: Account,
        integration_type: str,
        *,
        kind: str,
        user: User,
        workspace: IntegrationUser | None = None,
    ) -> IntegrationUser:
        if not account.uid:
            partner = registry.name_of(integration_type)
            raise Again(f"{partner} did not say whose account this is.")
        known = self.filter(integration_type=integration_type, uid=account.uid, team=None).first()
        if known and kind == "user" and known.user_id != user.pk:
            raise Taken(f"{account.login or account.uid} is already connected by somebody else.")
        found = known or IntegrationUser(integration_type=integration_type, uid=account.uid)
        found.kind, found.user, found.workspace = kind, user, workspace
        found.login, found.name, found.email = account.login, account.name, account.email
        found.scopes, found.evidence = " ".join(account.scopes), "oauth"
        if account.secrets:
            found.secrets = account.secrets
        found.state, found.trouble, found.ended_at = "active", "", None
        try:
            found.save()
        except IntegrityError as problem:
            raise Taken(f"{found} was connected by somebody else just now.") from problem
        return found

    @transaction.atomic
    def claim(self, actor: Actor, *, integration_type: str, user: User) -> IntegrationUser:
        """This person says that the account is theirs, and holds what only its owner was shown.
        Raises Taken where somebody else has it."""
        found, is_new = self.get_or_create(
            integration_type=integration_type,
            uid=actor.uid,
            team=None,
            defaults={
                "user": user,
                "login": actor.login,
                "name": actor.name,
                "evidence": IntegrationUser.Evidence.CLAIMED,
            },
        )
        if not is_new and found.user_id != user.pk:
            raise Taken(f"{actor.login or actor.uid} already belongs to somebody else here.")
        record("identity.claimed", found, type=integration_type, person=user.hash_id)
        return found

    def speaking_for(self, *teams: Team) -> Self:
        """By which accounts one of these teams may act: those of its people, and the workspaces in
        which one of them has an account. Whoever has left takes theirs along."""
        people = User.objects.filter(is_active=True, memberships__team__in=teams)
        ours = models.Q(user__in=people) | models.Q(people__user__in=people)
        return self.filter(ours, team=None).distinct()

    def able(self, teams: Iterable[Team], *, integration_type: str) -> Self:
        """Those that a partner takes, of all who make links of these teams or administer them."""
        speaking = self.speaking_for(*teams).filter(integration_type=integration_type)
        linked = models.Q(links__team__in=teams)
        admins = User.objects.filter(memberships__team__in=teams, memberships__role="admin")
        granted = speaking.exclude(sealed="").exclude(state=IntegrationUser.State.NEEDS_RECONNECT)
        return granted.filter(linked | models.Q(user__in=admins)).distinct()

    def doubted(self, integration_type: str) -> Self:
        return self.filter(integration_type=integration_type, state=IntegrationUser.State.UNSURE)

    def for_acting(self, user: User, *, integration_type: str) -> Self:
        """Through which accounts this person may make links: their own, and the workspaces in
        which they have one."""
        mine = self.filter(integration_type=integration_type, user=user, kind="user", team=None)
        spaces = self.filter(pk__in=mine.values("workspace"))
        return (spaces if spaces.exists() else mine).exclude(sealed="")


LONGEST_KEY = 200


def actor_key(actor: Actor) -> str:
    """The one name under which a team matches an actor: the stable id, else the login, else the
    mail address. Nothing for somebody who has no more than a name."""
    mail = f"mailto:{folded(actor.email)}" if actor.email else ""
    return _short(actor.uid or _at_login(actor) or mail)


def uids(actor: Actor) -> list[str]:
    """How rows that hold for the whole server may name this actor: by the stable id, or by the
    login that an administrator vouched for, kept apart from ids by its at-sign."""
    return [_short(name) for name in (actor.uid, _at_login(actor)) if name]


def _at_login(actor: Actor) -> str:
    return f"@{folded(actor.login)}" if actor.login else ""


def _short(name: str) -> str:
    """As a row can hold it."""
    return shortened(clean(name), LONGEST_KEY)


def _by_mail(actor: Actor, team: Team) -> User | None:
    if not (actor.vouched and actor.email):
        return None
    verified = EmailAddress.objects.filter(
        email=folded(actor.email), verified=True, user__memberships__team=team
    )
    found = verified.select_related("user").first()
    return found.user if found else None


class IntegrationUser(Grant):
    """Who one of us is at a partner, or which of the partner's workspaces lets us in."""

    class Evidence(models.TextChoices):
        OAUTH = "oauth", "signed in there"
        CLAIMED = "claimed", "said so"
        ASSIGNED = "assigned", "an admin of the team said so"
        OPERATOR = "operator", "the server's operator said so"

    hash_id = models.CharField(max_length=12, unique=True, default=hash_id, editable=False)
    kind = models.CharField(max_length=9, default="user")
    #: The person; of a workspace, who let us in last.
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="integration_users"
    )
    #: The one team that believes it, where it is a claim and not a proof.
    team = models.ForeignKey(Team, models.CASCADE, null=True, related_name="+")
    workspace = models.ForeignKey("self", models.SET_NULL, null=True, related_name="people")
    uid = models.CharField(max_length=200)
    login = models.CharField(max_length=200, blank=True)
    name = models.CharField(max_length=200, blank=True)
    email = models.CharField(max_length=254, blank=True)
    scopes = models.TextField(blank=True)
    evidence = models.CharField(max_length=8, choices=Evidence.choices, default=Evidence.OAUTH)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    objects = IntegrationUserQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["integration_type", "uid"],
                condition=models.Q(team=None),
                name="one_person_an_account",
            ),
            models.UniqueConstraint(
                fields=["integration_type", "uid", "team"],
                condition=models.Q(team__isnull=False),
                name="one_person_an_account_and_team",
            ),
        ]

    def __str__(self) -> str:
        return self.login or self.name or self.uid

    @property
    def _row(self) -> str:
        return f"integration_user:{self.hash_id}:secrets"

    def end_with_link(self) -> None:
        """Where it is no more than the address that one link tells: nothing of it is kept."""
        if self.kind == "hook":
            self.delete()

    def forget_who(self) -> None:
        """Of the person nothing is left; the grant stays until it has been ended."""
        self.uid, self.kind = f"left:{self.hash_id}", "left"
        self.login = self.name = self.email = ""
        self.workspace = None
        self.save()

    def accept(self) -> None:
        if self.state == self.State.NEEDS_RECONNECT:
            self.works_again(by=By.PARTNER)
        super().accept()

    def works_again(self, *, by: By) -> int:
        """Links that waited for it go on, in the teams for which it speaks; returns how many."""
        waiting = self.links.filter(state=State.NEEDS_RECONNECT).select_related("team")
        ours = [link for link in waiting if link.may_act]
        for link in ours:
            link.resume(by=by)
        return len(ours)

    @transaction.atomic
    def needs_reconnect(self, why: str) -> None:
        super().needs_reconnect(why)
        for link in self.links.standing():
            link.move(State.NEEDS_RECONNECT, by=By.PARTNER, trouble=why)
