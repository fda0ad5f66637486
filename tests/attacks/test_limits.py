"""Who tries too often is told to wait, in words, whatever a proxy or the tries themselves say; and
getting one of them right does not begin the count anew."""

from __future__ import annotations

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from idonethis.accounts import setup
from idonethis.accounts.models import User

pytestmark = pytest.mark.django_db
LOGIN, RESET = "/accounts/login/", "/accounts/password/reset/"


@pytest.fixture(autouse=True)
def limited(settings):
    """As an installation has them; the other tests try faster than people."""
    settings.ACCOUNT_RATE_LIMITS = {"guess": "20/m/ip"}
    cache.clear()
    yield
    cache.clear()


@pytest.fixture
def behind_proxy(settings):
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1


@pytest.fixture
def admin(ada):
    return User.objects.create_superuser("root@example.org", "engine", name="Root")


def waits(response):
    """A page that people can read, and a time for programs."""
    page = response.content.decode()
    return (
        response.status_code == 429
        and "That was too often" in page
        and "Nothing was changed" in page
        and int(response["Retry-After"]) > 0
    )


def signs_in(password="wrong", *, email="ada@example.org", **more):
    return Client().post(LOGIN, {"login": email, "password": password}, **more)


def too_many(response):
    return "Too many attempts have failed" in response.content.decode()


def until_refused(try_once, *, most, refused=waits):
    """How many tries were heard before one was refused."""
    for number in range(most):
        if refused(try_once(number)):
            return number
    raise AssertionError(f"{most} tries were heard.")


def test_a_password_is_guessed_five_times_and_no_more(ada):
    assert until_refused(lambda _: signs_in(), most=10, refused=too_many) == 5


def test_even_the_right_password_waits_then(ada):
    for _ in range(5):
        signs_in()
    assert too_many(signs_in("engine"))


def test_a_success_in_between_does_not_begin_the_count_anew(ada, mallory):
    heard = 0
    for number in range(20):
        response = signs_in()
        heard += not too_many(response)
        if number % 2:
            signs_in("evil", email="mallory@example.net")
    assert heard == 5


def test_another_name_of_the_server_does_not_begin_the_count_anew(ada, settings):
    """The port in the Host header is the visitor's to choose."""
    settings.ALLOWED_HOSTS = ["*"]

    def with_host(number):
        return signs_in(headers={"host": f"testserver:{8000 + number}"})

    assert until_refused(with_host, most=10, refused=too_many) == 5


@pytest.mark.usefixtures("ada")
def test_one_address_tries_ten_wrong_passwords_a_minute_whosever_they_are():
    def another(number):
        return signs_in(email=f"{number}@example.org")

    heard = until_refused(another, most=60, refused=lambda r: waits(r) or too_many(r))
    assert heard == 10


def test_a_page_that_is_only_looked_at_is_not_limited(client):
    for _ in range(60):
        assert client.get(LOGIN).status_code == 200


def test_no_header_of_the_visitor_s_makes_them_somebody_else(ada):
    def from_somewhere(number):
        return signs_in(
            headers={"X-Forwarded-For": f"198.51.100.{number}"}, email=f"{number}@x.org"
        )

    heard = until_refused(from_somewhere, most=60, refused=lambda r: waits(r) or too_many(r))
    assert heard == 10


@pytest.mark.usefixtures("behind_proxy")
def test_behind_a_proxy_what_it_says_counts_and_not_what_the_visitor_says(ada):
    def by_proxy(number):
        said = f"198.51.100.{number}, 203.0.113.7"
        return signs_in(headers={"X-Forwarded-For": said}, email=f"{number}@x.org")

    heard = until_refused(by_proxy, most=60, refused=lambda r: waits(r) or too_many(r))
    assert heard == 10


@pytest.mark.usefixtures("behind_proxy")
def test_behind_a_proxy_two_visitors_are_two(ada, grace):
    for _ in range(10):
        signs_in(email="nobody@x.org", headers={"X-Forwarded-For": "203.0.113.7"})
    signed_in = signs_in(
        "cobol", email="grace@example.org", headers={"X-Forwarded-For": "203.0.113.8"}
    )
    assert signed_in.status_code == 302


@pytest.mark.parametrize(
    "said", ["", "unknown", "garbage", "::1", "[2001:db8::1]:443", "1.2.3.4:80"]
)
@pytest.mark.usefixtures("behind_proxy")
def test_whatever_a_proxy_says_is_no_failure_of_ours(ada, said):
    response = signs_in(headers={"X-Forwarded-For": said})
    assert response.status_code in (200, 403)


def test_a_reset_is_asked_for_five_times_and_no_more(ada, mailoutbox):
    def asks(_):
        return Client().post(RESET, {"email": "ada@example.org"})

    assert until_refused(asks, most=10) == 5
    assert len(mailoutbox) == 5


def test_one_address_asks_for_twenty_resets_a_minute(db):
    def asks(number):
        return Client().post(RESET, {"email": f"{number}@example.org"})

    assert until_refused(asks, most=40) == 20


def test_a_reset_link_is_guessed_twenty_times(db):
    def guesses(number):
        return Client().post(f"/accounts/password/reset/key/1-guess{number}/", {"password1": "x"})

    assert until_refused(guesses, most=40) == 20


GUESSES = {
    "setup": lambda number: reverse("setup", args=[f"guess-{number}"]),
    "invitation": lambda number: reverse("invitation", args=[f"guess-{number}"]),
    "claim": lambda number: reverse("claim_account", args=[f"guess-{number}"]),
}


@pytest.mark.parametrize("what", GUESSES)
@pytest.mark.parametrize("method", ["get", "post", "head"])
def test_a_link_is_guessed_twenty_times_a_minute(mallory, what, method):
    def guesses(number):
        client = Client()
        client.force_login(mallory)
        return getattr(client, method)(GUESSES[what](number))

    heard = until_refused(guesses, most=40, refused=lambda response: response.status_code == 429)
    assert heard == 20


def test_then_even_the_right_link_waits(db):
    for number in range(20):
        Client().get(GUESSES["setup"](number))
    right = reverse("setup", args=[setup.setup_url().rpartition("/")[2]])
    assert waits(Client().get(right))


def test_right_links_count_for_nothing(team, ada):
    url = team.invitations.create(invited_by=ada).get_absolute_url()
    for _ in range(60):
        assert Client().get(url).status_code == 200


def test_twenty_people_a_minute_join_from_one_address(team, ada):
    url = team.invitations.create(invited_by=ada).get_absolute_url()

    def joins(number):
        said = {
            "name": "Somebody",
            "email": f"{number}@example.org",
            "password": "difference-engine",
            "time_zone": "UTC",
        }
        return Client().post(url, said)

    assert until_refused(joins, most=40) == 20


def test_a_password_is_asked_for_again_ten_times_a_minute(ada):
    client = Client()
    client.force_login(ada)

    def tries(_):
        return client.post("/accounts/reauthenticate/", {"password": "wrong"})

    refused = until_refused(tries, most=30, refused=lambda r: waits(r) or too_many(r))
    assert refused <= 10
