"""OAuth 2: https://datatracker.ietf.org/doc/html/rfc6749"""

from __future__ import annotations

import secrets
import time
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, ClassVar

import orjson
from authlib.oauth2.rfc6749.parameters import prepare_grant_uri
from authlib.oauth2.rfc7636 import create_s256_code_challenge

from idonethis.integrations.base import OAuth2
from idonethis.integrations.http import Again, Answer, Client, Never
from idonethis.integrations.oauth.journey import Conversation, Denied, Departure, Misregistered
from idonethis.integrations.values import Account

#: Refusals that pass by themselves. https://datatracker.ietf.org/doc/html/rfc6749#section-4.1.2.1
PASSING = frozenset(("temporarily_unavailable", "server_error", "slow_down", "ratelimited"))
#: No partner ever gave this code, so it is refused; how, tells whether they know us.
NO_CODE = "idonethis-doctor"


@dataclass(frozen=True)
class OAuth2Conversation(Conversation):
    proof: ClassVar[str] = "code"

    declared: OAuth2

    def depart(self, state: str) -> Departure:
        """The secret is a fresh PKCE verifier, where the partner has PKCE.
        https://datatracker.ietf.org/doc/html/rfc7636"""
        verifier = secrets.token_urlsafe(48) if self.declared.pkce else ""
        return Departure(self._authorize_url(state, verifier), verifier)

    def _authorize_url(self, state: str, verifier: str) -> str:
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

    def _is_answer(self, brought: Mapping[str, str], *, secret: str) -> bool:
        """An answer that names who gave it (``iss``) must be this partner's: another one might have
        made the browser bring us a code of theirs. Most partners name nobody.
        https://www.rfc-editor.org/rfc/rfc9207"""
        said = brought.get("iss", "")
        issuer = self._address(self.declared.issuer) or self.origin
        return not said or said.rstrip("/") == issuer.rstrip("/")

    def _exchange(self, proof: str, *, secret: str) -> Mapping[str, Any]:
        form = {
            "grant_type": "authorization_code",
            "code": proof,
            "redirect_uri": self.callback_url,
        }
        return self._token(form | ({"code_verifier": secret} if secret else {}))

    def knock(self) -> None:
        """By a code that nobody has."""
        try:
            self._exchange(NO_CODE, secret=NO_CODE)
        except Denied:
            return
        raise Never("It took a code that nobody has.")

    def refresh(self, refresh_token: str) -> Mapping[str, Any]:
        return self._token({"grant_type": "refresh_token", "refresh_token": refresh_token})

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
