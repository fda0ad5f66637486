from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from allauth.account.models import EmailAddress
from django.core.exceptions import ValidationError

from idonethis.accounts.models import User


def someone(**fields):
    return User(email="ada@example.org", name="Ada Lovelace", **fields)


@pytest.mark.parametrize(
    ("zone", "ends", "instant", "day"),
    [
        ("UTC", 0, datetime(2026, 11, 24, 0, 0, tzinfo=UTC), date(2026, 11, 24)),
        ("Asia/Tokyo", 0, datetime(2026, 11, 24, 16, 0, tzinfo=UTC), date(2026, 11, 25)),
        ("America/New_York", 0, datetime(2026, 11, 24, 3, 0, tzinfo=UTC), date(2026, 11, 23)),
        ("Europe/London", 4, datetime(2026, 11, 24, 3, 59, tzinfo=UTC), date(2026, 11, 23)),
        ("Europe/London", 4, datetime(2026, 11, 24, 4, 0, tzinfo=UTC), date(2026, 11, 24)),
        ("Europe/London", 2, datetime(2026, 7, 24, 0, 59, tzinfo=UTC), date(2026, 7, 23)),
        ("Europe/London", 2, datetime(2026, 7, 24, 1, 0, tzinfo=UTC), date(2026, 7, 24)),
    ],
)
def test_a_day_is_that_of_the_person(zone, ends, instant, day):
    assert someone(time_zone=zone, day_ends_at=ends).day_of(instant) == day


def test_a_time_zone_that_does_not_exist_is_refused_with_a_suggestion():
    with pytest.raises(ValidationError, match="Europe/London"):
        someone(time_zone="Mars/Olympus").clean_fields(exclude=["password"])


@pytest.mark.django_db
class TestEnrolling:
    def test_gives_a_person_their_first_address(self):
        ada = User.objects.enrol(" Ada@Example.org ", "engine", verified=False, name="Ada Lovelace")
        address = EmailAddress.objects.get()
        assert (address.user, address.email, address.primary) == (ada, "ada@example.org", True)
        assert not address.verified
        assert ada.check_password("engine")

    def test_believes_whoever_administers_the_server(self):
        ada = User.objects.create_superuser("ada@example.org", "engine", name="Ada Lovelace")
        assert EmailAddress.objects.get(user=ada).verified
        assert ada.is_staff

    def test_leaves_nothing_behind_where_the_address_is_taken(self, ada):
        with pytest.raises(Exception, match="UNIQUE|unique"):
            User.objects.enrol("ada@example.org", "other", verified=False, name="Not Ada")
        assert not EmailAddress.objects.exists()


@pytest.mark.django_db
def test_a_person_is_found_by_any_of_their_addresses(ada, grace):
    EmailAddress.objects.create(user=ada, email="lovelace@example.net")
    assert set(User.objects.with_address("Lovelace@example.net")) == {ada}
    assert set(User.objects.with_address("ADA@example.org ")) == {ada}
    assert not User.objects.with_address("nobody@example.org").exists()


@pytest.mark.django_db
def test_nicknames_know_no_case_and_nobody_goes_by_none(ada):
    User.objects.enrol("charles@example.org", "engine", verified=True, name="Charles Babbage")
    assert set(User.objects.named("ADA")) == {ada}
    assert not User.objects.named("").exists()
