"""Who people are at partners, by the word of the operator."""

from __future__ import annotations

from typing import Any

import click
from django.db import transaction

from idonethis.accounts.models import User
from idonethis.audit.models import record
from idonethis.commands.finding import as_json, needs_database, tell, the_integration, the_user
from idonethis.integrations.models import IntegrationUser, Receipt, UnclaimedPerson


@click.group()
def identity() -> None:
    """Who people are at partners."""


@identity.command("add")
@click.argument("integration_type", metavar="TYPE")
@click.argument("uid")
@click.argument("user")
@click.option("--login", default="", help="Their name there, for people to read.")
@click.option("--move", is_flag=True, help="Even if the account belongs to somebody else by now.")
@as_json
@needs_database
@transaction.atomic
def add_identity(integration_type: str, uid: str, user: str, as_json: bool, **options: Any) -> None:
    """Say that the account UID at TYPE is USER; what was waiting for them becomes entries.

    UID is the partner's stable id, or a login written @login."""
    integration = the_integration(integration_type)
    who = the_user(user)
    key = uid.lower() if uid.startswith("@") else uid
    _identify(integration_type, key, who, **options)
    same_login = UnclaimedPerson.objects.filter(
        integration_type=integration_type, login__iexact=key.removeprefix("@")
    )
    keys = {key, *(same_login.values_list("key", flat=True) if key.startswith("@") else ())}
    waiting = Receipt.objects.waiting_for(keys, integration_type=integration_type).replay()
    facts = {"type": integration_type, "uid": key, "user": who.email, "replayed": waiting}
    sentence = f"{key} at {integration.name} is {who}. {waiting} waiting hooks are processed again."
    tell(facts, sentence, in_json=as_json)


def _identify(integration_type: str, key: str, who: User, *, login: str, move: bool) -> None:
    """What somebody has proved by signing in there stays proved."""
    accounts = IntegrationUser.objects.filter(integration_type=integration_type, team=None)
    known = accounts.select_related("user").filter(uid=key).first()
    if known and known.user != who and not move:
        raise click.ClickException(
            f"{key} is {known.user} by now. Nothing was changed. Give --move to say otherwise."
        )
    found = known or IntegrationUser(integration_type=integration_type, uid=key)
    if found.user_id != who.pk:
        found.user, found.evidence, found.sealed = who, IntegrationUser.Evidence.OPERATOR, ""
    found.login = login or found.login or key.removeprefix("@")
    found.save()
    record("identity.operator", found, type=integration_type, person=who.hash_id)
