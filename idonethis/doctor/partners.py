"""What partners gave this server, and whether they still know it."""

from __future__ import annotations

import time
from collections.abc import Iterator
from email.utils import parsedate_to_datetime

from django.conf import settings
from django.urls import reverse

from idonethis.doctor.finding import Finding, bad, ok, warn
from idonethis.integrations import registry, secrets
from idonethis.integrations.base import Integration
from idonethis.integrations.http import Again, Client, Failed
from idonethis.integrations.models import PartnerApp, needed
from idonethis.integrations.models.resealing import REMEDY, survey
from idonethis.integrations.oauth import Misregistered

#: Seconds by which a clock may be wrong. At 300, partners' signatures count as too old.
SKEW, MUCH_SKEW = 30.0, 240.0


def credentials() -> Iterator[Finding]:
    for integration in _registered():
        missing = PartnerApp.missing(integration)
        fix = f"Open {settings.BASE_URL}{_setup(integration)}"
        if missing and _has_lost(integration):
            says = "The key that its credentials were encrypted with is gone."
            yield bad(integration.name, says, fix=fix)
        elif not missing:
            yield ok(integration.name, "This server is registered there.")
        elif len(missing) == len(needed(integration)):
            yield ok(
                integration.name, f"It is not set up; nobody needs it yet. {fix} to change that."
            )
        else:
            says = f"Missing: {', '.join(each.label for each in missing)}."
            yield warn(integration.name, says, fix=fix)


def keys() -> Iterator[Finding]:
    if trouble := survey().trouble:
        yield bad("Keys", trouble, fix=REMEDY)
    else:
        yield ok("Keys", "Every stored secret can be read.")


def _registered() -> list[Integration]:
    return [each for each in registry.every() if needed(each)]


def _setup(integration: Integration) -> str:
    return reverse("partner_setup", args=[integration.integration_type])


def _has_lost(integration: Integration) -> bool:
    app = PartnerApp.objects.filter(integration_type=integration.integration_type).first()
    return app is not None and secrets.is_lost(app.sealed)


def known_there() -> Iterator[Finding]:
    """Asks each partner for access that nobody has granted; how it answers, tells."""
    for integration in _registered():
        if integration.oauth and not PartnerApp.missing(integration):
            yield _asked(integration)


def _asked(integration: Integration) -> Finding:
    name = f"{integration.name} online"
    try:
        PartnerApp.conversation(integration).knock()
    except Misregistered as problem:
        fix = f"Copy them anew: {settings.BASE_URL}{_setup(integration)}"
        return bad(name, str(problem), fix=fix)
    except Again as problem:
        return warn(name, str(problem), fix="Try again later; look at the partner's status page.")
    except Failed as problem:
        return warn(name, str(problem), fix="Check the address of the partner in the settings.")
    return ok(name, "It answers, and accepts this server's client ID and secret.")


def clocks() -> Iterator[Finding]:
    """By the Date of an answer, whatever else is in it."""
    for integration in _registered():
        if not PartnerApp.missing(integration) and integration.address("api"):
            yield from _compared(integration)


def _compared(integration: Integration) -> Iterator[Finding]:
    name = f"Clock by {integration.name}"
    try:
        answer = Client(integration.address("api")).send("GET", "/")
        there = parsedate_to_datetime(answer.headers.get("date", "")).timestamp()
    except (Failed, TypeError, ValueError):
        return
    skew = time.time() - there
    says = f"This clock is {abs(skew):.0f} seconds {'ahead' if skew > 0 else 'behind'}."
    fix = "Set the clock by NTP: signatures count as too old after five minutes."
    if abs(skew) < SKEW:
        yield ok(name, "It agrees.")
    else:
        yield (bad if abs(skew) > MUCH_SKEW else warn)(name, says, fix=fix)
