"""Everything that is encrypted, and how it gets from one key to the next while the server runs."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from allauth.mfa.models import Authenticator
from django.db import models
from django.utils import timezone

from idonethis.accounts.two_factor import TwoFactorAdapter
from idonethis.integrations import secrets
from idonethis.integrations.models.erasure import Erasure
from idonethis.integrations.models.integration_link import IntegrationLink
from idonethis.integrations.models.integration_user import IntegrationUser
from idonethis.integrations.models.partner_app import PartnerApp
from idonethis.integrations.models.registered_hook import RegisteredHook
from idonethis.keys import Sealed
from idonethis.ui.words import numbered

#: How long a row may be in somebody else's hands, in seconds: longer than a grant takes to renew.
PATIENCE = 60
#: What an operator does about secrets that no key opens.
REMEDY = (
    "Put the key that they were encrypted with into OLD_ENCRYPTION_KEYS, and start the server "
    "again. If that key is lost for good: idonethis rotate-keys --give-up"
)


class Column(NamedTuple):
    """``resealed`` gives the value with which a row's is replaced, or raises Sealed; ``called`` is
    what an operator calls such a row."""

    model: type[models.Model]
    name: str
    resealed: Callable[[Any], Any]
    called: str


def bound(name: str, row: Callable[[Any], str]) -> Callable[[Any], str]:
    return lambda it: secrets.resealed(getattr(it, name), row=row(it))


def _second_factor(it: Authenticator) -> dict[str, Any]:
    adapter, data = TwoFactorAdapter(), dict(it.data)
    return data | {name: adapter.reseal(data[name]) for name in ("secret", "seed") if name in data}


def _signed(model: type[models.Model], called: str) -> tuple[Column, ...]:
    return tuple(
        Column(model, f"sealed_{name}", bound(f"sealed_{name}", row), called)
        for name, row in (
            ("secret", lambda it: it._bound("secret")),
            ("previous_secret", lambda it: it._bound("previous_secret")),
        )
    )


#: All but what an Authorization keeps for the ten minutes of a journey to a partner.
COLUMNS: list[Column] = [
    *_signed(IntegrationLink, "link"),
    *_signed(RegisteredHook, "webhook"),
    Column(IntegrationUser, "sealed", bound("sealed", lambda it: it._row), "account"),
    Column(PartnerApp, "sealed", bound("sealed", lambda it: it._row), "registration"),
    Column(Erasure, "sealed", bound("sealed", lambda it: it._row), "deletion"),
    Column(Authenticator, "data", _second_factor, "second factor"),
]


@dataclass
class Resealed:
    """How many secrets were encrypted anew, and how many were with the first key already; what does
    not open with any key that is configured, by what it is called."""

    anew: int = 0
    already: int = 0
    lost: Counter[str] = field(default_factory=Counter)

    @property
    def trouble(self) -> str:
        """Of what no key opens the secrets; empty where all of them open."""
        lost = sorted(self.lost.items())
        what = ", ".join(numbered(count, name, f"{name}s") for name, count in lost)
        return f"No key opens the secrets of {what}." if what else ""


def reseal() -> Resealed:
    """Encrypts with the first key what another one still opens."""
    return _walk(_replace)


def survey() -> Resealed:
    """What ``reseal`` would do. Writes nothing."""
    return _walk(lambda column, it: column.resealed(it) != getattr(it, column.name))


def _walk(look: Callable[[Column, Any], bool]) -> Resealed:
    found = Resealed()
    for column in COLUMNS:
        for it in column.model._base_manager.exclude(**{column.name: ""}):
            try:
                is_anew = look(column, it)
            except Sealed:
                found.lost[column.called] += 1
                continue
            found.anew, found.already = found.anew + is_anew, found.already + (not is_anew)
    return found


def _replace(column: Column, it: Any) -> bool:
    """Only what is there as it was read, and what nobody is about to replace by a grant of their
    own. False: it was encrypted with the first key already."""
    until = time.monotonic() + PATIENCE
    while (new := column.resealed(it)) != (old := getattr(it, column.name)):
        rows = _free(column).filter(pk=it.pk, **{column.name: old})
        if rows.update(**{column.name: new}):
            return True
        if time.monotonic() > until:
            raise TimeoutError(f"The {column.called} {it.pk} is in use all the time.")
        time.sleep(0.05)
        it.refresh_from_db(fields=[column.name])
    return False


def _free(column: Column) -> models.QuerySet[Any]:
    """A grant that is being renewed is left to who renews it: they look whether it is still what
    they took, and would throw away what they got."""
    rows = column.model._base_manager.all()
    if not issubclass(column.model, IntegrationUser):
        return rows
    now = timezone.now()
    return rows.filter(models.Q(renewing_until=None) | models.Q(renewing_until__lt=now))
