"""Who looks after a link, and what becomes of it when they leave the team."""

from __future__ import annotations

from typing import Any

from django.db import models, transaction
from django.db.models import Q
from django.utils import timezone

from idonethis.accounts.models import User
from idonethis.background import UPKEEP
from idonethis.integrations.models.integration_user import IntegrationUser
from idonethis.integrations.models.link_states import (
    WITHOUT_ACCOUNT,
    WITHOUT_KEEPER,
    WORDS,
    By,
    State,
    Stateful,
)

KEEPING: tuple[str, ...] = ("integration_user", "user", "hand_over_at", "updated_at")


class Kept(Stateful):
    """Links belong to the team. The account that one uses is somebody's, and it speaks for the team
    only as long as they are in it."""

    #: When to look for somebody else's account, since whose account it was has left the team.
    hand_over_at = models.DateTimeField(null=True)

    team: Any
    user: Any
    integration: Any
    integration_user: Any
    registered_hook: Any

    class Meta:
        abstract = True

    @property
    def keepers(self) -> models.QuerySet[User]:
        """Who is told of trouble: the admins of the team, who made the link, and whose account it
        uses, as far as they are in the team."""
        makers = [self.user, self.integration_user and self.integration_user.user]
        these = Q(memberships__role="admin") | Q(pk__in=[user.pk for user in makers if user])
        return User.objects.filter(these, memberships__team=self.team, is_active=True).distinct()

    @property
    def may_act(self) -> bool:
        """Whether its account still speaks for its team."""
        return IntegrationUser.objects.speaking_for(self.team).filter(links=self.pk).exists()

    @property
    def lacks_account(self) -> bool:
        """It waits since whose account it used, or who looked after it, has left the team."""
        return self.state == State.NEEDS_RECONNECT and not self.may_act

    @property
    def state_word(self) -> str:
        return "Needs somebody’s account" if self.lacks_account else self.get_state_display()

    @property
    def what_to_do(self) -> str:
        """What its state means, and what ends it."""
        words = WORDS[State(self.state)]
        if self.lacks_account:
            acts = self.integration_user or self.registered_hook
            words = WITHOUT_ACCOUNT if acts else WITHOUT_KEEPER
        return words.format(partner=self.integration.name)

    def lose_account(self) -> None:
        """Whose account it uses has left the team. From now on it is not used; another one is
        looked for, and what comes in goes on."""
        owner = self.integration_user.user if self.integration_user else self.user
        self.hand_over_at = timezone.now()
        self.save(update_fields=["hand_over_at"])
        trouble = f"{owner} is no longer in {self.team}."
        self.move(State.NEEDS_RECONNECT, by=By.SERVER, trouble=trouble)
        UPKEEP.wake_on_commit()

    def give_up_hand_over(self) -> None:
        """There is no other account that can do it: a person is needed."""
        self.hand_over_at = None
        self.save(update_fields=["hand_over_at"])
        self.incidents.follow(self)

    def take_account(self, account: IntegrationUser, *, by: By) -> None:
        """Another account carries the link: same address, same secret, nothing missed."""
        before, self.integration_user = self.integration_user, account
        if self.user is None or not self.team.has_writer(self.user):
            self.user = account.user
        self._keep_on(by=by)
        if before:
            before.incidents.settle(before, self)

    def take(self, user: User) -> None:
        """This person looks after it from now on, where it takes no account."""
        self.user = user
        self._keep_on(by=By.PERSON)

    @transaction.atomic
    def _keep_on(self, *, by: By) -> None:
        self.hand_over_at = None
        self.save(update_fields=KEEPING)
        self.record("link.taken_over")
        self.resume(by=by)

    def record(self, action: str, **details: Any) -> None:
        raise NotImplementedError

    def resume(self, *, by: By) -> int:
        raise NotImplementedError
