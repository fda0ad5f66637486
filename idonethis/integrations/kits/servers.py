"""Partners that people run themselves, at an address that a person types, and that let us in by a
token, which is typed, too, or got for a password. What is picked there is kept as an address: that
of the server, a slash, and what the server calls it. So nothing of one server is ever taken for
what another one calls the same."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from django import forms

from idonethis.integrations.base import (
    Client,
    CredentialsForm,
    NeedsPermission,
    Picks,
    PicksOne,
    Registers,
    line,
)

HOST = re.compile(r"https?://([^/?#]{1,100})")


def own_id(address: str, number: Any) -> str:
    """An id that no other server than the one at this address has given to something else."""
    found, said = HOST.match(address), line(number)
    return f"{found[1].lower()}/{said}" if found and said else said


class SiteForm(CredentialsForm):
    site = forms.URLField(label="Address", max_length=150, assume_scheme="https", initial="")

    def clean_site(self) -> str:
        return site_in(self.cleaned_data["site"])


class ServerForm(SiteForm):
    token = forms.CharField(label="Access token", max_length=500, initial="")


class LoginForm(SiteForm):
    """Where a server gives out no tokens that a person could paste. The password must not be kept:
    it is for a token that lets us in."""

    username = forms.CharField(label="User name", max_length=255, initial="")
    password = forms.CharField(
        max_length=500,
        initial="",
        strip=False,
        widget=forms.PasswordInput,
        help_text="Sent there once, in exchange for a token. The token is kept, encrypted, and the "
        "password is not.",
    )


def site_in(url: str) -> str:
    """The address of a server, in the one way in which it is kept: without a slash at the end.
    Raises ValidationError for what is more than an address."""
    parts = urlsplit(url)
    if "@" in parts.netloc or parts.query or parts.fragment:
        raise forms.ValidationError("Type the address alone, as in https://code.example.org.")
    return f"{parts.scheme}://{parts.netloc.lower()}{parts.path.rstrip('/')}"


class OnServers(Picks):
    """Lies at whichever server a person names."""

    #: Below the address of a server, where its API lies.
    api_path: str

    def base(self, secrets: Mapping[str, Any]) -> str:
        return f"{secrets.get('site', '')}{self.api_path}"

    def site(self, client: Client) -> str:
        """Of the server that this calls."""
        return client.base_url.removesuffix(self.api_path)

    def named(self, client: Client, subject: str) -> str:
        """What the server of this client calls it. Raises NeedsPermission for what lies at another
        one, to which nothing of this may be told, least of all a secret."""
        site = f"{self.site(client)}/"
        if not subject.startswith(site):
            raise NeedsPermission(
                f"{subject} lies at another server than the account, which is at {site}. Connect "
                "an account that is at the same one."
            )
        return subject.removeprefix(site)


class AtServers(PicksOne, OnServers, Registers):
    """Makes its webhooks at whichever server lets us in."""

    credentials: type[SiteForm] = ServerForm

    def check(self, config: Mapping[str, Any], client: Client) -> None:
        super().check(config, client)
        self.named(client, self.subject(config))
