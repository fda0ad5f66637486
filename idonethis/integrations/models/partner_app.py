from __future__ import annotations

import json
from datetime import timedelta

from django.conf import settings
from django.db import models, transaction
from django.urls import reverse
from django.utils import timezone

from idonethis import env
from idonethis.audit.models import record
from idonethis.integrations import secrets
from idonethis.integrations.base import Integration, Needed, ReceivesForAll, SignsForAll
from idonethis.integrations.oauth import Conversation, conversation
from idonethis.integrations.values import Secret
from idonethis.keys import Sealed

#: How long an operator's word holds.
BELIEVED = timedelta(hours=1)
CLIENT = (Needed("CLIENT_ID", "Client ID"), Needed("CLIENT_SECRET", "Client secret"))
SIGNING = (Needed("SIGNING_SECRET", "Signing secret"),)


def needed(integration: Integration) -> tuple[Needed, ...]:
    """What the administrator must get from the partner, in the order of the set-up form."""
    client = CLIENT if integration.oauth else ()
    signing = SIGNING if isinstance(integration, ReceivesForAll | SignsForAll) else ()
    return client + signing + integration.needs


def setting(integration_type: str, name: str) -> str:
    """The naming rule: ``<TYPE>_CLIENT_ID``."""
    return f"{integration_type}_{name}".upper()


def callback_url(integration_type: str) -> str:
    """Where the partner sends people back to; registered there by the administrator."""
    return settings.BASE_URL + reverse("oauth_callback", args=[integration_type])


class PartnerApp(models.Model):
    """This server as the partner knows it: what its administrator typed on the set-up page. A
    setting by the naming rule ``<TYPE>_CLIENT_ID`` wins over what stands here."""

    integration_type = models.CharField(max_length=40, unique=True)
    sealed = models.TextField(blank=True)
    #: Until when every refusal of a grant is believed, however many there are: an operator's word.
    believed_until = models.DateTimeField(null=True)
    updated_at = models.DateTimeField(auto_now=True)

    @classmethod
    def credential(cls, integration_type: str, name: str) -> Secret:
        """The value, or empty where nobody has set it. Raises Sealed."""
        if given := cls.given(integration_type, name):
            return given
        app = cls.objects.filter(integration_type=integration_type).first()
        return Secret(app.values.get(name, "") if app else "")

    @classmethod
    def given(cls, integration_type: str, name: str) -> Secret:
        """The value by the naming rule, from outside; empty where there is none."""
        return Secret(env.text(setting(integration_type, name)))

    @classmethod
    def conversation(cls, integration: Integration) -> Conversation:
        kind = integration.integration_type
        return conversation(
            integration,
            str(cls.credential(kind, "CLIENT_ID")),
            str(cls.credential(kind, "CLIENT_SECRET")),
            callback_url=callback_url(kind),
        )

    @classmethod
    def is_believed(cls, integration: Integration) -> bool:
        app = cls.objects.filter(integration_type=integration.integration_type)
        return app.filter(believed_until__gt=timezone.now()).exists()

    @classmethod
    @transaction.atomic
    def believe(cls, integration: Integration) -> None:
        app, _ = cls.objects.get_or_create(integration_type=integration.integration_type)
        app.believed_until = timezone.now() + BELIEVED
        app.save(update_fields=["believed_until"])
        record("refusals.believed", integration.integration_type)

    @classmethod
    def missing(cls, integration: Integration) -> list[Needed]:
        """What nobody has set yet, or nobody can read any more."""
        kind = integration.integration_type
        return [each for each in needed(integration) if not cls.is_set(kind, each.name)]

    @classmethod
    def is_set(cls, integration_type: str, name: str) -> bool:
        try:
            return bool(cls.credential(integration_type, name))
        except Sealed:
            return False

    @property
    def values(self) -> dict[str, str]:
        """Raises Sealed where the key that they were encrypted with is gone."""
        opened = secrets.open_sealed(self.sealed, row=self._row)
        return json.loads(opened) if opened else {}

    @transaction.atomic
    def keep(self, values: dict[str, str]) -> None:
        """Stores what was typed; an empty field leaves what is there, if that can still be read."""
        typed = {name: value for name, value in values.items() if value}
        self.sealed = secrets.seal(json.dumps({**self._readable, **typed}), row=self._row)
        self.save()
        record("credentials.kept", self.integration_type, fields=sorted(typed))

    @property
    def _readable(self) -> dict[str, str]:
        try:
            return self.values
        except Sealed:
            return {}

    @property
    def _row(self) -> str:
        return f"partner_app:{self.integration_type}"
