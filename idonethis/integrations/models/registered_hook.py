from __future__ import annotations

import logging
from datetime import datetime, timedelta
from typing import ClassVar

from django.db import models, transaction
from django.utils import timezone

from idonethis.audit.models import record
from idonethis.background import OUTBOX
from idonethis.integrations import registry
from idonethis.integrations.base import Registers
from idonethis.integrations.http import Again, Client, Failed, Gone, Never
from idonethis.integrations.models.checked import CheckedQuerySet
from idonethis.integrations.models.expiring import TERM, Expiring
from idonethis.integrations.models.integration_user import IntegrationUser
from idonethis.integrations.models.link_states import By, State
from idonethis.integrations.models.signed import SECRETS, Signed
from idonethis.integrations.values import MadeHook, Secret

log = logging.getLogger(__name__)


class RegisteredHookQuerySet(CheckedQuerySet["RegisteredHook"]):
    def register(self, subject: str, *, integration_user: IntegrationUser) -> RegisteredHook:
        """A webhook for this subject: the one that stands, made again if somebody deleted it at the
        partner, or a new one, which goes by itself unless it is told to ``stand``. Raises Failed,
        and then nothing of a new one stays, here or at the partner."""
        kind = integration_user.integration_type
        standing = self.standing().filter(integration_type=kind, subject=subject).first()
        if standing:
            standing.create_at_partner(integration_user)
            return standing
        made = self.create(
            integration_type=kind, subject=subject, integration_user=integration_user
        )
        made.create_or_vanish(integration_user)
        return made

    def standing(self) -> RegisteredHookQuerySet:
        return self.filter(state="active")

    def leaving(self) -> RegisteredHookQuerySet:
        """Those that the partner has not let go of at the first try."""
        return self.filter(state="due").exclude(trouble="")


#: After so many tries, over some minutes, a person may say that it is gone.
STUBBORN = 4


def in_ten_minutes() -> datetime:
    return timezone.now() + timedelta(minutes=10)


class RegisteredHook(Expiring, Signed):
    """A webhook that we made at a partner, one for all links to the same subject. State ``active``
    means it stands. ``due`` means that it has to go, tried until the partner confirms; so begins
    each row, so that whoever dies before it stands leaves nothing behind. A row that has to go is
    never taken up again: a new one has an address of its own, and the two cannot be mixed up."""

    trouble = models.CharField(max_length=300, blank=True)
    due_at = models.DateTimeField(default=in_ten_minutes)

    table = "registered_hook"
    objects: ClassVar[RegisteredHookQuerySet] = RegisteredHookQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["integration_type", "subject"],
                condition=models.Q(state="active"),
                name="one_hook_stands",
            )
        ]

    def new_secret(self) -> Secret:
        """Also where the integration has learned to do without webhooks since."""
        integration = registry.get(self.integration_type)
        if isinstance(integration, Registers):
            return integration.hook_secret()
        return super().new_secret()

    @property
    def sends_to(self) -> str:
        """With the secret in it, where the partner shows it so. One that nobody can read any more
        must not keep the webhook from being removed."""
        secret = Secret() if self.is_unreadable else self.signing_secret
        return self.integration.signature.address(self.url, secret)

    @property
    def is_new(self) -> bool:
        """Its link is still being made."""
        waits = self.state == "due" and not self.attempts
        return waits and self.due_at > timezone.now()

    @property
    def is_stubborn(self) -> bool:
        return self.attempts >= STUBBORN or not self.hands

    def create_at_partner(self, integration_user: IntegrationUser) -> None:
        """Whoever did it last is asked to undo it: of all accounts theirs is known to work."""
        before, self.remote_id = self.remote_id, self._made(integration_user.client())
        self.supersede(before)
        told, self.integration_user, self.trouble = self.sealed_secret, integration_user, ""
        self.save(update_fields=["remote_id", "integration_user", "trouble", *TERM])
        self.dismiss_former(integration_user)
        if type(self).objects.filter(pk=self.pk).exclude(sealed_secret=told).exists():
            # Rotated meanwhile, and of two calls at once either may have reached the partner last.
            self.refresh_from_db(fields=SECRETS)
            return self.create_at_partner(integration_user)
        self.confirm_rotation()

    def _made(self, client: Client) -> str:
        """By the partner's name. Where the partner makes the secret, that is kept, and until when
        it holds."""
        if self.shakes_hands:
            return self._made_by_handshake(client)
        made = self._create(client)
        if isinstance(made, str):
            return made
        if made.secret:
            self.take_secret(made.secret)
        self.begin_term(made.until)
        return made.remote_id

    def _made_by_handshake(self, client: Client) -> str:
        """The one that stands, if we have its secret; else another, which hands over its own."""
        known = {"url": self.sends_to, "remote_id": self.remote_id}
        standing = self.integration.standing_hook(client, self.subject, **known)
        if standing and standing.active and self.sealed_secret:
            return standing.remote_id
        if standing:
            self.integration.destroy_hook(client, self.subject, **known)
        self.await_handshake()
        made = str(self._create(client))
        self.refresh_from_db(fields=SECRETS)
        if not self.sealed_secret:
            raise Again(f"{self.integration.name} made the webhook, but told no secret. Try again.")
        return made

    def record(self, action: str) -> None:
        record(action, self, type=self.integration_type)

    def _create(self, client: Client) -> str | MadeHook:
        secret, known = self.signing_secret, self.remote_id
        return self.integration.create_hook(
            client, self.subject, url=self.sends_to, secret=secret, remote_id=known
        )

    def found_as(self, remote_id: str, integration_user: IntegrationUser) -> None:
        """It stands at the partner under this name, and this account may look after it."""
        if (self.remote_id, self.integration_user) != (remote_id, integration_user):
            self.remote_id, self.integration_user = remote_id, integration_user
            self.save(update_fields=["remote_id", "integration_user"])

    def create_or_vanish(self, integration_user: IntegrationUser) -> None:
        """After a clear no there is nothing at the partner; without an answer there may be."""
        try:
            self.create_at_partner(integration_user)
        except Never:
            self.delete()
            raise
        except Failed:
            self.remove_later()
            raise

    def rotate_secret(self) -> None:
        """Brings a new secret to the partner. Raises Failed: after a clear no nothing has changed,
        without an answer both are taken until the next try."""
        is_new = self._begin_rotation()
        try:
            self.by_any_hand(self.create_at_partner)
        except Never:
            if is_new:
                self.call_off_rotation()
            raise

    @transaction.atomic
    def stand(self) -> RegisteredHook:
        """From now on a link depends on it. Returns the webhook that stands for the subject: not
        this one, if somebody else was quicker. Raises Again, if this one is being removed."""
        rows = type(self).objects.select_for_update()
        same = {"integration_type": self.integration_type, "subject": self.subject}
        standing = rows.standing().filter(**same).first()
        if standing and standing.pk != self.pk:
            self.remove_later()
            return standing
        untouched = rows.filter(pk=self.pk).filter(models.Q(state="active") | models.Q(attempts=0))
        if not untouched.update(state="active"):
            raise Again(f"The webhook of {self.subject} is just being removed. Try again.")
        self.state = "active"
        return self

    def withdraw(self) -> None:
        """It goes at once, unless it stands."""
        type(self).objects.filter(pk=self.pk, state="due").update(due_at=timezone.now())
        OUTBOX.wake_on_commit()

    def let_go(self) -> None:
        """It goes with the last link that depends on it."""
        if not self.links.standing().exists():
            self.remove_later()

    def remove_later(self) -> None:
        self.state, self.due_at, self.attempts = "due", timezone.now(), 0
        self.save(update_fields=["state", "due_at", "attempts"])
        OUTBOX.wake_on_commit()

    @classmethod
    def drain(cls) -> int:
        """Removes what has to go; returns how many were tried."""
        hooks = cls.objects.due().claim(5, lease=timedelta(minutes=2))
        for hook in hooks:
            hook.remove()
        return len(hooks)

    def remove(self) -> None:
        """What has run out is gone, whether or not the partner lets us say so."""
        if self.has_run_out:
            return self._forget()
        try:
            self.by_any_hand(self._destroy_with)
        except Gone:
            self._forget()
        except Failed as problem:
            self.again(trouble=str(problem)[:300])
        except Exception as problem:
            log.exception("Removing the webhook %s failed", self.pk)
            self.again(trouble=f"Our own fault ({type(problem).__name__}).")
        else:
            self._forget()

    def _destroy_with(self, account: IntegrationUser) -> None:
        self.destroy_former(account)
        self.integration.destroy_hook(
            account.client(), self.subject, url=self.sends_to, remote_id=self.remote_id
        )

    def believe_gone(self) -> None:
        """A person says that they have removed it at the partner."""
        self._end_links(By.PERSON)
        type(self).objects.filter(pk=self.pk, state="due").delete()

    def _forget(self) -> None:
        self._end_links(By.PARTNER)
        type(self).objects.filter(pk=self.pk, attempts=self.attempts, state="due").delete()

    def _end_links(self, by: By) -> None:
        for link in self.links.filter(state=State.REMOVING):
            link.move(State.REMOVED, by=by)
