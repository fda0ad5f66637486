"""OAuth 2 as protocol: where to send a person, and what to do with what they bring back.

The words of the protocol are Authlib's, what differs between partners is data (``base.OAuth2``),
and every request goes through the one door out."""

from __future__ import annotations

import base64
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from authlib.oauth2.rfc6749.parameters import prepare_grant_uri
from authlib.oauth2.rfc7636 import create_s256_code_challenge

from idonethis.integrations.base import Integration, OAuth2
from idonethis.integrations.http import Again, Client, Failed, Never


class Denied(Failed):
    """The partner, or the person at the partner, said no."""


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

    def exchange(self, code: str, *, verifier: str) -> Mapping[str, Any]:
        """The token for a code. Raises Denied, or Again where the partner does not answer."""
        form = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": self.callback_url,
        }
        return self._token(form | ({"code_verifier": verifier} if verifier else {}))

    def refresh(self, refresh_token: str) -> Mapping[str, Any]:
        """A new token for an old grant. Raises Denied where the grant is dead, Again elsewhere."""
        return self._token({"grant_type": "refresh_token", "refresh_token": refresh_token})

    def _token(self, form: Mapping[str, str]) -> Mapping[str, Any]:
        client = Client(headers=self._headers)
        try:
            token = client.post(
                self._address(self.declared.token_url), form=self._signed(form)
            ).json
        except Never as problem:
            raise Denied(f"{self.integration.name} refused: {problem}") from problem
        if not isinstance(token, dict):
            raise Again(f"{self.integration.name} did not answer properly.")
        # Some partners say no with a 200: the token decides.
        if token.get("error") or not token.get("access_token"):
            why = token.get("error_description") or token.get("error") or "no reason given"
            raise Denied(f"{self.integration.name} refused: {why}.")
        return token

    def _signed(self, form: Mapping[str, str]) -> dict[str, str]:
        if self.declared.token_auth != "client_secret_post":  # noqa: S105
            return dict(form)
        return {**form, "client_id": self.client_id, "client_secret": self.client_secret}

    @property
    def _headers(self) -> dict[str, str]:
        headers = {"Accept": "application/json", **(self.declared.token_headers or {})}
        if self.declared.token_auth == "client_secret_basic":  # noqa: S105
            pair = f"{quote(self.client_id)}:{quote(self.client_secret)}"
            headers["Authorization"] = f"Basic {base64.b64encode(pair.encode()).decode()}"
        return headers

    def _address(self, template: str) -> str:
        web, api = self.integration.address("web"), self.integration.address("api")
        return template.replace("{web}", web).replace("{api}", api)
