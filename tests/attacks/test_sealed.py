"""A stolen database is worth nothing without the key, a secret opens in its own row alone, and the
key can be changed for another without anything being lost."""

from __future__ import annotations

import json
import threading
import time
from datetime import timedelta

import pytest
from allauth.mfa.models import Authenticator
from django.apps import apps
from django.db import connections
from django.utils import timezone

from idonethis.integrations.models import Authorization, IntegrationUser
from idonethis.integrations.models.resealing import COLUMNS, reseal, survey
from idonethis.integrations.secrets import open_sealed, seal
from idonethis.keys import Sealed
from tests.attacks.sealing import NEW, OLD, READ, TOKEN, rows

pytestmark = pytest.mark.django_db
reading = pytest.mark.parametrize("what", READ)


def test_every_column_that_is_encrypted_is_encrypted_anew():
    """A new one that nobody thought of would be lost with the old key."""
    sealed = {
        (model, field.name)
        for model in apps.get_models()
        for field in model._meta.concrete_fields
        if field.name.startswith("sealed")
    }
    for_ten_minutes = {(Authorization, "sealed_verifier")}
    assert sealed - for_ten_minutes | {(Authenticator, "data")} == {
        (each.model, each.name) for each in COLUMNS
    }


@reading
def test_nothing_of_it_stands_in_the_database(full, what):
    stored = json.dumps([list(each.model._base_manager.values()) for each in COLUMNS], default=str)
    for secret in READ[what]():
        assert secret not in stored


@pytest.mark.parametrize("column", COLUMNS, ids=lambda c: f"{c.model.__name__}.{c.name}")
def test_a_secret_that_is_moved_to_another_row_does_not_open(full, column):
    if column.model is Authenticator:
        pytest.skip("allauth encrypts without knowing the row.")
    rows_ = [each for each in rows(column.model) if getattr(each, column.name)]
    first, second = rows_[:2]
    setattr(first, column.name, getattr(second, column.name))
    with pytest.raises(Sealed, match="does not belong to its row"):
        column.resealed(first)


def test_a_secret_that_is_moved_to_another_column_does_not_open(full):
    link = full[0]
    link.sealed_secret = link.sealed_previous_secret
    with pytest.raises(Sealed):
        assert link.signing_secret


def test_no_byte_of_it_can_be_changed():
    stored = seal(TOKEN, row="row")
    for position in range(len(stored)):
        for other in "A.=é":
            changed = stored[:position] + other + stored[position + 1 :]
            if changed != stored:
                with pytest.raises(Sealed):
                    open_sealed(changed, row="row")


@pytest.mark.parametrize("stored", ["x", "v1", "v1.", "v1..", "v1.a.b", "v2.a.b", "...", "v1.é.é"])
def test_what_was_never_sealed_does_not_open(stored):
    with pytest.raises(Sealed):
        open_sealed(stored, row="row")


def test_the_same_secret_is_never_stored_the_same_way():
    assert len({seal(TOKEN, row="row") for _ in range(100)}) == 100


@reading
def test_with_the_key_before_beside_it_everything_opens(today, what):
    assert len(READ[what]()) >= 2


@reading
def test_once_encrypted_anew_the_key_before_can_go(today, settings, what):
    before = READ[what]()
    done = reseal()
    assert (done.already, dict(done.lost)) == (0, {})
    settings.ENCRYPTION_KEYS = [NEW]
    assert READ[what]() == before


def test_a_second_time_there_is_nothing_to_do(today):
    first, second = reseal(), reseal()
    assert first.anew == second.already >= 12
    assert second.anew == 0


def test_looking_first_changes_nothing(today):
    before = [list(each.model._base_manager.values()) for each in COLUMNS]
    looked = survey()
    assert [list(each.model._base_manager.values()) for each in COLUMNS] == before
    assert looked.anew == reseal().anew


def test_what_no_key_opens_is_counted_and_the_rest_is_done(full, settings):
    kept = IntegrationUser.objects.get(uid="ada")
    settings.ENCRYPTION_KEYS = [NEW, OLD]
    IntegrationUser.objects.filter(uid="grace").update(sealed="v1.00000000.AAAA")
    done = reseal()
    assert dict(done.lost) == {"account": 1}
    settings.ENCRYPTION_KEYS = [NEW]
    assert IntegrationUser.objects.get(pk=kept.pk).secrets["access_token"] == f"{TOKEN}-ada"


@pytest.mark.django_db(transaction=True)
def test_a_grant_that_is_being_renewed_is_not_taken_away_from_who_renews_it(full, settings):
    """They look whether it is still what they took, and would throw away what they got."""
    settings.ENCRYPTION_KEYS = [NEW, OLD]
    account = IntegrationUser.objects.get(uid="ada")
    taken, until = account.sealed, timezone.now() + timedelta(seconds=30)
    IntegrationUser.objects.filter(pk=account.pk).update(renewing_until=until)
    kept = []

    def renew():
        time.sleep(0.3)
        account.secrets = {"access_token": "renewed"}
        mine = IntegrationUser.objects.filter(pk=account.pk, sealed=taken)
        kept.append(mine.update(sealed=account.sealed))
        IntegrationUser.objects.filter(pk=account.pk).update(renewing_until=None)
        connections.close_all()

    renewing = threading.Thread(target=renew)
    renewing.start()
    reseal()
    renewing.join()
    assert kept == [1]
    settings.ENCRYPTION_KEYS = [NEW]
    assert IntegrationUser.objects.get(pk=account.pk).secrets["access_token"] == "renewed"
