from __future__ import annotations

from datetime import datetime, timedelta
from typing import ClassVar

from django.conf import settings
from django.db import models, transaction
from django.urls import reverse
from django.utils import timezone

from idonethis.background import OUTBOX
from idonethis.ids import hash_id, hook_token
from idonethis.integrations import registry, secrets
from idonethis.integrations.base import Registers
from idonethis.integrations.http import Failed, Gone, Never
from idonethis.integrations.models.integration_user import IntegrationUser
from idonethis.integrations.models.lease import Leased, LeasedQuerySet
from idonethis.integrations.values import Secret


class RegisteredHookQuerySet(LeasedQuerySet["RegisteredHook"]):
    def register(self, subject: str, *, integration_user: IntegrationUser) -> RegisteredHook:
        """The webhook for this subject: the one that is there, or a new one. Raises Failed, and
        then nothing of it stays, here or at the partner."""
        found = self._ours(subject, integration_user)
        try:
            found.create_at_partner()
        except Failed:
            if not found.links.exclude(state="removed").exists():
                found.remove_later()
            raise
        return found

    @transaction.atomic
    def _ours(self, subject: str, integration_user: IntegrationUser) -> RegisteredHook:
        kind = integration_user.integration_type
        found, _ = self.get_or_create(
            integration_type=kind,
            subject=subject,
            defaults={"integration_user": integration_user, "due_at": _in_ten_minutes()},
        )
        if found.state != "active":
            found.integration_user = integration_user
            found.state, found.due_at, found.attempts = "due", _in_ten_minutes(), 0
        found.save()
        return found


def _in_ten_minutes() -> datetime:
    return timezone.now() + timedelta(minutes=10)


class RegisteredHook(Leased):
    """A webhook that we made at a partner, one for all links to the same subject. State ``active``
    means it stands; ``due`` that it has to go (or was never finished), tried until confirmed."""

    hash_id = models.CharField(max_length=12, unique=True, default=hash_id, editable=False)
    integration_type = models.CharField(max_length=40)
    subject = models.CharField(max_length=300)
    integration_user = models.ForeignKey(IntegrationUser, models.SET_NULL, null=True)
    hook_token = models.CharField(max_length=43, unique=True, default=hook_token, editable=False)
    sealed_secret = models.TextField(blank=True)
    remote_id = models.CharField(max_length=200, blank=True)
    trouble = models.CharField(max_length=300, blank=True)

    objects: ClassVar[RegisteredHookQuerySet] = RegisteredHookQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["integration_type", "subject"], name="one_hook")
        ]

    def save(self, *args: object, **kwargs: object) -> None:
        if not self.sealed_secret:
            self.sealed_secret = secrets.seal(hook_token(), row=self._row)
        super().save(*args, **kwargs)  # type: ignore[arg-type]

    @property
    def secret(self) -> Secret:
        return Secret(secrets.open_sealed(self.sealed_secret, row=self._row))

    @property
    def _row(self) -> str:
        return f"registered_hook:{self.hash_id}:secret"

    @property
    def integration(self) -> Registers:
        integration = registry.integrations()[self.integration_type]
        if not isinstance(integration, Registers):
            raise TypeError(f"{self.integration_type} registers no webhooks.")
        return integration

    @property
    def url(self) -> str:
        return settings.BASE_URL + reverse("hook", args=[self.integration_type, self.hook_token])

    def create_at_partner(self) -> None:
        """Also repairs: a webhook that somebody deleted there is made again. Until a link stands on
        it (``stands``), it is due to be removed: whoever dies in between leaves nothing behind."""
        if not self.integration_user:
            raise Never("Nobody's account is left to make the webhook with. Connect again.")
        client = self.integration_user.client()
        self.remote_id = self.integration.create_hook(
            client, self.subject, url=self.url, secret=self.secret
        )
        self.trouble = ""
        self.save(update_fields=["remote_id", "trouble"])

    def stands(self) -> None:
        self.state = "active"
        self.save(update_fields=["state"])

    def remove_later(self) -> None:
        self.state, self.due_at, self.attempts = "due", timezone.now(), 0
        self.save()
        OUTBOX.wake_on_commit()

    @classmethod
    def drain(cls) -> int:
        """Removes what has to go; returns how many were tried."""
        hooks = cls.objects.due().claim(5, lease=timedelta(minutes=2))
        for hook in hooks:
            hook.remove()
        return len(hooks)

    def remove(self) -> None:
        try:
            self._destroy_at_partner()
        except Gone:
            self._forget()
        except Failed as problem:
            self.again(trouble=str(problem)[:300])
        else:
            self._forget()

    def _destroy_at_partner(self) -> None:
        if not self.integration_user:
            raise Never("Nobody's account is left to remove it with. Remove it there by hand.")
        client = self.integration_user.client()
        self.integration.destroy_hook(client, self.subject, url=self.url, remote_id=self.remote_id)

    def _forget(self) -> None:
        type(self).objects.filter(pk=self.pk, attempts=self.attempts, state="due").delete()
