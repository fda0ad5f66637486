from __future__ import annotations

import pytest
from allauth.account.models import EmailAddress
from django.core.cache import cache
from django.urls import reverse


@pytest.fixture(autouse=True)
def _forgetful():
    """What one test counted or used up is fresh for the next."""
    cache.clear()


@pytest.fixture
def addressed(ada, grace, mallory):
    """Ada's and Mallory's addresses are verified, Grace's is not yet."""
    EmailAddress.objects.create(user=ada, email=ada.email, primary=True, verified=True)
    EmailAddress.objects.create(user=mallory, email=mallory.email, primary=True, verified=True)
    EmailAddress.objects.create(user=grace, email=grace.email, primary=True, verified=False)


@pytest.fixture
def sign_in(client):
    def signed_in(email="ada@example.org", password="engine", **query):
        url = reverse("account_login", query=query or None)
        return client.post(url, {"login": email, "password": password})

    return signed_in


@pytest.fixture
def confirm_it_is_ada(client):
    """Answers the question that is asked before how one signs in may be changed."""

    def confirmed(response, password="engine"):
        assert response.url.startswith(reverse("account_reauthenticate"))
        return client.post(response.url, {"password": password})

    return confirmed
