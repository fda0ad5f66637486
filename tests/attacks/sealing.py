"""Two rows of everything that is encrypted, and how each is read by whoever uses it."""

from __future__ import annotations

from allauth.mfa.models import Authenticator

from idonethis.accounts.two_factor import TwoFactorAdapter
from idonethis.entries.traces import Traces
from idonethis.integrations.models import (
    Erasure,
    IntegrationLink,
    IntegrationUser,
    PartnerApp,
    RegisteredHook,
)
from idonethis.porting.models import Upload

MOVING = "canary-moving"
OLD, NEW = "the key of yesterday", "the key of today"
TOKEN, CLIENT, FACTOR, WORD = (f"canary-{name}" for name in ("token", "client", "factor", "word"))


def fill(team, *people) -> None:
    for user, kind in zip(people, ("github", "slack"), strict=True):
        uid = user.nickname
        account = IntegrationUser(integration_type="github", uid=uid, user=user)
        account.secrets = {"access_token": f"{TOKEN}-{uid}"}
        account.save()
        link = IntegrationLink(integration_type="webhook", team=team, user=user)
        link.save()
        link.rotate_secret()
        RegisteredHook.objects.create(integration_type="github", subject=uid)._begin_rotation()
        Erasure.objects.begin(Traces((f"{WORD}-{uid}",)), actors=(), entries=())
        PartnerApp.objects.create(integration_type=kind).keep({"CLIENT_SECRET": f"{CLIENT}-{uid}"})
        secret = TwoFactorAdapter().encrypt(f"{FACTOR}-{uid}")
        Authenticator.objects.create(user=user, type="totp", data={"secret": secret})
        upload = Upload(team=team, user=user, name=uid)
        upload.token = f"{MOVING}-{uid}"
        upload.save()


def rows(model):
    return model._base_manager.order_by("pk")


READ = {
    "accounts": lambda: [a.secrets["access_token"] for a in rows(IntegrationUser)],
    "links": lambda: [s for link in rows(IntegrationLink) for s in link.valid_secrets],
    "webhooks": lambda: [s for hook in rows(RegisteredHook) for s in hook.valid_secrets],
    "deletions": lambda: [each.wanted["words"][0] for each in rows(Erasure)],
    "registrations": lambda: [app.values["CLIENT_SECRET"] for app in rows(PartnerApp)],
    "imports": lambda: [each.token for each in rows(Upload)],
    "second factors": lambda: [
        TwoFactorAdapter().decrypt(each.data["secret"]) for each in rows(Authenticator)
    ],
}
