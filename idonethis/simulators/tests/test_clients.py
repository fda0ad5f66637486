"""Which redirect addresses belong to an application."""

from __future__ import annotations

import pytest

from idonethis.simulators.clients import LOOPBACK, Client


@pytest.mark.parametrize(
    ("known", "given", "good"),
    [
        (LOOPBACK, "http://127.0.0.1:8000/auth/callback", True),
        (LOOPBACK, "http://localhost/", True),
        (LOOPBACK, "https://127.0.0.1/", False),
        (LOOPBACK, "http://127.0.0.1@mallory.example.net/", False),
        (("https://log.example.org/auth",), "https://log.example.org/auth", True),
        (("https://log.example.org/auth",), "https://log.example.org/auth/github", True),
        (("https://log.example.org/auth",), "https://log.example.org/author", False),
        (("https://log.example.org/auth",), "https://log.example.org:8443/auth", False),
        (("https://log.example.org/auth",), "https://log.example.org/", False),
        (("http://127.0.0.1:1/auth",), "http://127.0.0.1:2/auth", True),
        (("https://log.example.org/auth",), "https://log.example.org/auth/../evil", False),
        (("https://log.example.org/auth",), "https://log.example.org/auth/%2e%2e/evil", False),
        (LOOPBACK, "", False),
    ],
)
def test_an_address_lies_at_or_below_a_registered_one(known, given, good):
    assert Client("id", "secret", known).owns(given) is good


def test_a_secret_is_never_shown():
    assert "hush" not in repr(Client("id", "hush"))
