"""A trouble that a person must end: told once, and shown until it is over."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from idonethis.accounts.models import User
from idonethis.background import MAIL
from idonethis.integrations import registry
from idonethis.integrations.models.delivery import Delivery
from idonethis.integrations.models.integration_link import IntegrationLink
from idonethis.integrations.models.integration_user import IntegrationUser
from idonethis.integrations.models.link_states import State
from idonethis.teams.models import Team

#: Nobody is mailed about the same trouble twice within this time.
QUIET = timedelta(days=7)


class Kind(models.TextChoices):
    RECONNECT = "needs_reconnect", "connect it again"
    ACCOUNT = "needs_account", "somebody’s account is needed"
    PERMISSION = "needs_permission", "a permission is missing"
    MISSING = "remote_missing", "the webhook is missing"
    GONE = "target_gone", "what it was linked to is gone"
    SECRET = "needs_secret", "its new secret has to be brought there"
    STORM = "storm_held", "say what becomes of a storm"
    DOUBT = "in_doubt", "many accounts were refused at once"


class IncidentQuerySet(models.QuerySet["Incident"]):
    def standing(self) -> IncidentQuerySet:
        return self.filter(closed_at=None)

    def of_team(self, team: Team) -> IncidentQuerySet:
        waiting = IntegrationLink.objects.waiting().filter(team=team)
        theirs = Q(link__team=team) | Q(storm__link__team=team)
        ours = theirs | Q(integration_user__links__in=waiting)
        return self.standing().filter(ours).distinct().order_by("pk")

    def follow(self, link: IntegrationLink) -> None:
        """Opens, keeps or ends what the state of this link asks for. Of several links that need the
        same account, the account is one incident; where another account is still being looked for,
        there is none yet."""
        account = link.integration_user if link.state == State.NEEDS_RECONNECT else None
        if link.is_in_trouble and not link.hand_over_at:
            about = {"integration_user": account} if account else {"link": link}
            Incident.objects.keep(_kind(link), link.trouble, link.integration_type, **about)
        if account or not link.is_in_trouble:
            Incident.objects.standing().filter(link=link).end(link)
        if link.integration_user and not account:
            Incident.objects.settle(link.integration_user, link)

    def settle(self, account: IntegrationUser, link: IntegrationLink) -> None:
        """This link no longer waits for this account; perhaps it was the last that did."""
        if not account.links.waiting().exists():
            Incident.objects.standing().filter(integration_user=account).end(link)

    def outlive(self, account: IntegrationUser) -> None:
        """The account is about to be deleted, and its links still wait for another: they tell of
        themselves, and nobody is mailed again."""
        for incident in self.standing().filter(integration_user=account):
            first, *others = incident.links
            incident.integration_user, incident.link = None, first
            incident.save(update_fields=["integration_user", "link"])
            facts = {"kind": incident.kind, "why": incident.why, "is_quiet": True}
            for link in others:
                self.create(integration_type=account.integration_type, link=link, **facts)

    def end(self, link: IntegrationLink) -> None:
        for incident in self:
            incident.close(recovered=link.carries)

    def watch(self) -> None:
        """Tells the operators of grants in doubt, until none is."""
        doubted = IntegrationUser.objects.filter(state=IntegrationUser.State.UNSURE)
        types = set(doubted.values_list("integration_type", flat=True))
        for kind in types:
            why = doubted.filter(integration_type=kind).values_list("trouble", flat=True)[0]
            self.keep(Kind.DOUBT, why, kind)
        over = self.standing().filter(kind=Kind.DOUBT).exclude(integration_type__in=types)
        for incident in over:
            incident.close(recovered=True)

    def keep(self, kind: Kind, why: str, integration_type: str, **about: Any) -> None:
        nobody = dict.fromkeys(("link", "integration_user", "storm"))
        one = {"integration_type": integration_type, **nobody, **about}
        told = self.filter(**one, kind=kind, is_quiet=False, opened_at__gt=timezone.now() - QUIET)
        facts = {"kind": kind, "why": why, "is_quiet": told.exists()}
        incident, is_new = self.get_or_create(**one, closed_at=None, defaults=facts)
        if not is_new:
            incident.become(kind, why)
        incident.tell()


class Incident(models.Model):
    """What is in trouble: a link, or an account and all links that need it, or, where all are
    empty, all of one partner. A storm is one of its own, whatever else its link is in."""

    integration_type = models.CharField(max_length=40)
    kind = models.CharField(max_length=16, choices=Kind.choices)
    link = models.ForeignKey(IntegrationLink, models.CASCADE, null=True, related_name="incidents")
    integration_user = models.ForeignKey(
        IntegrationUser, models.CASCADE, null=True, related_name="incidents"
    )
    storm = models.ForeignKey(
        "integrations.Storm", models.CASCADE, null=True, related_name="incidents"
    )
    why = models.CharField(max_length=300, blank=True)
    opened_at = models.DateTimeField(default=timezone.now)
    closed_at = models.DateTimeField(null=True)
    #: The same trouble was mailed about a short while ago.
    is_quiet = models.BooleanField(default=False)

    objects = IncidentQuerySet.as_manager()
    notices: Any

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["link"], condition=Q(closed_at=None), name="one_incident_of_link"
            ),
            models.UniqueConstraint(
                fields=["integration_user"],
                condition=Q(closed_at=None),
                name="one_incident_of_account",
            ),
            models.UniqueConstraint(fields=["storm"], name="one_incident_of_storm"),
            models.UniqueConstraint(
                fields=["integration_type"],
                condition=Q(closed_at=None, link=None, integration_user=None, storm=None),
                name="one_incident_of_partner",
            ),
        ]

    def __str__(self) -> str:
        if self.kind == Kind.DOUBT:
            return f"{self.partner}: {self.get_kind_display()}"
        return f"{self.partner} needs you: {self.get_kind_display()}"

    @property
    def partner(self) -> str:
        return registry.name_of(self.integration_type)

    @property
    def links(self) -> models.QuerySet[IntegrationLink]:
        """Those in trouble by it, or that were until it was over."""
        about = Q(storms=self.storm_id) if self.storm_id else Q(incidents=self)
        found = IntegrationLink.objects.standing().filter(about)
        if self.integration_user:
            theirs = self.integration_user.links
            found = theirs.standing() if self.closed_at else theirs.waiting()
        return found.select_related("team", "user", "integration_user").order_by("pk")

    def held(self, links: models.QuerySet[IntegrationLink] | None = None) -> int:
        """How many entries wait to go out by these links."""
        theirs = self.links if links is None else links
        return Delivery.objects.held().filter(link__in=theirs.order_by()).count()

    def people(self) -> set[User]:
        """Who is told."""
        if self.kind == Kind.DOUBT:
            return set(User.objects.filter(is_staff=True, is_active=True))
        return {user for link in self.links for user in link.keepers}

    def fix_url(self, user: User) -> str:
        """Where this person puts it right."""
        if self.kind == Kind.DOUBT:
            return settings.BASE_URL + reverse("integration", args=[self.integration_type])
        theirs = self.links.filter(pk__in=IntegrationLink.objects.manageable_by(user)).first()
        path = theirs.get_absolute_url() if theirs else reverse("my_connections")
        return settings.BASE_URL + path

    def become(self, kind: Kind, why: str) -> None:
        self.kind, self.why = kind, why
        self.save(update_fields=["kind", "why"])

    def tell(self) -> None:
        """Once everybody whom it concerns, also those whom it concerns only since another link of
        theirs needs the same account."""
        if self.is_quiet:
            return
        notice = self.notices.model
        new = [notice(incident=self, user=user) for user in self.people()]
        self.notices.bulk_create(new, ignore_conflicts=True)
        MAIL.wake_on_commit()

    def close(self, *, recovered: bool) -> None:
        """That it works again is told to whom it was told that it does not."""
        self.closed_at = timezone.now()
        self.save(update_fields=["closed_at"])
        if recovered:
            self.notices.say_it_is_over()


def _kind(link: IntegrationLink) -> Kind:
    if link.state != State.NEEDS_RECONNECT:
        return Kind(link.state)
    account = link.integration_user
    ended = account and account.state == account.State.NEEDS_RECONNECT
    return Kind.RECONNECT if ended else Kind.ACCOUNT
