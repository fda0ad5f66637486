"""OAuth 2 as protocol: where to send a person, and what to do with what they bring back.

The words of the protocol are Authlib's, what differs between partners is data (``base.OAuth2``),
and every request goes through the one door out."""

from __future__ import annotations

import base64
import secrets
import time
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import quote, urlsplit

import orjson
from authlib.oauth2.rfc6749.parameters import prepare_grant_uri
from authlib.oauth2.rfc7636 import create_s256_code_challenge

from idonethis.integrations.base import Integration, OAuth2
from idonethis.integrations.http import Again, Answer, Client, Failed, Never
from idonethis.integrations.values import Account

#: Refusals that pass by themselves. https://datatracker.ietf.org/doc/html/rfc6749#section-4.1.2.1
PASSING = frozenset(("temporarily_unavailable", "server_error", "slow_down", "ratelimited"))


class Denied(Failed):
    """The partner, or the person at the partner, said no to this grant."""


class Misregistered(Again):
    """The partner does not accept this server, whatever the grant: its administrator can help."""


@dataclass(frozen=True)
class Conversation:
    """One partner, and this server as that partner knows it."""

    integration: Integration
    client_id: str
    client_secret: str
    callback_url: str

    @property
    def declared(self) -> OAuth2:
        if self.integration.oauth is None:
            raise Never(f"{self.integration.name} knows no OAuth.")
        return self.integration.oauth

    def verifier(self) -> str:
        """A fresh PKCE verifier, where the partner has PKCE.
        https://datatracker.ietf.org/doc/html/rfc7636"""
        return secrets.token_urlsafe(48) if self.declared.pkce else ""

    def authorize_url(self, *, state: str, verifier: str) -> str:
        """Where the person says yes or no."""
        extra = dict(self.declared.authorize_params or {})
        if verifier:
            extra["code_challenge"] = create_s256_code_challenge(verifier)
            extra["code_challenge_method"] = "S256"
        url: str = prepare_grant_uri(
            self._address(self.declared.authorize_url),
            self.client_id,
            "code",
            redirect_uri=self.callback_url,
            # As text: a partner that wants commas gets them.
            scope=self.declared.scope_separator.join(self.declared.scopes),
            state=state,
            **extra,
        )
        return url

    @property
    def origin(self) -> str:
        """Where ``authorize_url`` leads, as a content security policy names it."""
        parts = urlsplit(self._address(self.declared.authorize_url))
        return f"{parts.scheme}://{parts.netloc}"

    def is_issuer(self, said: str) -> bool:
        """Whether an answer that names who gave it (``iss``) is this partner's: another one might
        have made the browser bring us a code of theirs. Most partners name nobody.
        https://www.rfc-editor.org/rfc/rfc9207"""
        issuer = self._address(self.declared.issuer) or self.origin
        return not said or said.rstrip("/") == issuer.rstrip("/")

    def exchange(self, code: str, *, verifier: str) -> Mapping[str, Any]:
        """The token for a code. Raises Denied; Again where the partner does not answer."""
        form = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": self.callback_url,
        }
        return self._token(form | ({"code_verifier": verifier} if verifier else {}))

    def refresh(self, refresh_token: str) -> Mapping[str, Any]:
        """A new token for an old grant. Raises Denied where the grant is dead, Again elsewhere."""
        return self._token({"grant_type": "refresh_token", "refresh_token": refresh_token})

    def revoke(self, secrets: Mapping[str, Any]) -> None:
        """Ends the grant at the partner, where it knows how. Raises Failed."""
        client = Client(self.integration.address("api"), headers=self._as_ourselves)
        self.integration.revoke(secrets, client, client_id=self.client_id)

    def _token(self, form: Mapping[str, str]) -> Mapping[str, Any]:
        client, url = Client(headers=self._headers), self._address(self.declared.token_url)
        body = {"json" if self.declared.token_body == "json" else "data": self._signed(form)}  # noqa: S105
        return judge(client.send("POST", url, **body), self.integration.name)

    def _signed(self, form: Mapping[str, str]) -> dict[str, str]:
        if self.declared.token_auth != "client_secret_post":  # noqa: S105
            return dict(form)
        return {**form, "client_id": self.client_id, "client_secret": self.client_secret}

    @property
    def _headers(self) -> dict[str, str]:
        headers = {"Accept": "application/json", **(self.declared.token_headers or {})}
        if self.declared.token_auth == "client_secret_basic":  # noqa: S105
            headers |= self._as_ourselves
        return headers

    @property
    def _as_ourselves(self) -> dict[str, str]:
        """https://datatracker.ietf.org/doc/html/rfc6749#section-2.3.1"""
        pair = f"{quote(self.client_id)}:{quote(self.client_secret)}"
        return {"Authorization": f"Basic {base64.b64encode(pair.encode()).decode()}"}

    def _address(self, template: str) -> str:
        for name in {"web", "api", *self.integration.addresses}:
            template = template.replace(f"{{{name}}}", self.integration.address(name))
        return template


def judge(answer: Answer, name: str) -> Mapping[str, Any]:
    """The token in an answer of a token endpoint. Partners refuse with any status, 200 too, so what
    stands in the body decides. Only a refusal in so many words is Denied: a proxy's error page, or
    a partner out of order, must not end a grant."""
    said = _said(answer)
    error = str(said.get("error") or ("no reason given" if said.get("ok") is False else ""))
    if said.get("access_token") and not error and answer.status < 300:
        return said
    if answer.status == 429 or answer.status >= 500 or not error or error in PASSING:
        raise Again(f"{name} did not answer properly ({answer.status}).")
    if "client" in error:
        raise Misregistered(
            f"{name} does not accept this server's client ID and secret ({error}). "
            "An administrator of this server must check them."
        )
    raise Denied(f"{name} refused: {str(said.get('error_description') or error)[:200]}")


def _said(answer: Answer) -> Mapping[str, Any]:
    try:
        said = orjson.loads(answer.body)
    except orjson.JSONDecodeError:
        return {}
    return said if isinstance(said, dict) else {}


def lasting(token: Mapping[str, Any]) -> dict[str, Any]:
    """How long a token is good for and how to get the next: ``expires_at`` (seconds since 1970)
    and ``refresh_token``, as far as the partner says."""
    kept: dict[str, Any] = {}
    if str(token.get("expires_in") or "").isdecimal():
        kept["expires_at"] = int(time.time()) + int(token["expires_in"])
    if token.get("refresh_token"):
        kept["refresh_token"] = token["refresh_token"]
    return kept


def with_lasting(account: Account, token: Mapping[str, Any]) -> Account:
    """The account, whosever token it is also knowing how long that is good for."""
    if account.workspace:
        account = replace(account, workspace=with_lasting(account.workspace, token))
    if account.secrets.get("access_token") != token.get("access_token"):
        return account
    return replace(account, secrets={**lasting(token), **account.secrets})
