"""Codes and tokens that accounts have granted."""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
from typing import Any, Literal

from starlette.datastructures import Headers

from .dialect import Dialect, Refused
from .store import Record, Store

Standing = Literal["live", "unknown", "revoked", "expired"]


class Grants:
    """Issues and redeems. A grant is {account, scopes, asked}: asked is the authorize query."""

    def __init__(self, store: Store, dialect: Dialect) -> None:
        self._store = store
        self._dialect = dialect

    def new_code(self, account: str, asked: Record) -> str:
        code = secrets.token_hex(10)
        self._store.table("codes")[code] = {
            "account": account,
            "scopes": self._dialect.split(asked.get("scope", "")),
            "asked": asked,
            "expires_at": self._store.now() + self._dialect.code_lifetime,
            "used": False,
        }
        return code

    def redeem(self, code: str, redirect_uri: str, *, verifier: str) -> Record:
        """The grant behind a code, once. Raises Refused; a code once shown is spent either way."""
        grant: Record | None = self._store.table("codes").get(code)
        if grant is None:
            raise Refused("unknown_code")
        if grant["used"]:
            raise Refused("used_code")
        grant["used"] = True
        if grant["expires_at"] < self._store.now():
            raise Refused("expired_code")
        self._check_binding(grant["asked"], redirect_uri, verifier=verifier)
        return grant

    def _check_binding(self, asked: Record, redirect_uri: str, *, verifier: str) -> None:
        asked_uri = asked.get("redirect_uri", "")
        omitted = not redirect_uri and not self._dialect.redirect_uri_required
        if asked_uri and redirect_uri != asked_uri and not omitted:
            raise Refused("other_redirect")
        challenge = asked.get("code_challenge", "")
        if self._dialect.pkce != "off" and challenge and not proves(verifier, challenge):
            raise Refused("wrong_verifier")

    def issue(
        self, account: str, scopes: list[str], *, asked: Record | None = None, kind: str = "access"
    ) -> Record:
        """A new token record; `kind` says which sort of token the partner mints."""
        lifetime = self._dialect.lifetime
        token: Record = {
            "access_token": self._dialect.mint(kind),
            "refresh_token": None if lifetime is None else self._dialect.mint("refresh"),
            "lifetime": lifetime,
            "expires_at": None if lifetime is None else self._store.now() + lifetime,
            "created_at": self._store.now(),
            "account": account,
            "scopes": scopes,
            "asked": asked or {},
            "kind": kind,
            "revoked": False,
        }
        self._store.table("tokens")[token["access_token"]] = token
        return token

    def refresh(self, refresh_token: str) -> Record:
        """A fresh token for a refresh token; where tokens rotate, the old pair is dead after it."""
        for token in self._all():
            if token["refresh_token"] == refresh_token and refresh_token and not token["revoked"]:
                return self._renewed(token)
        raise Refused("unknown_refresh")

    def _renewed(self, old: Record) -> Record:
        new = self.issue(old["account"], old["scopes"], asked=old["asked"], kind=old["kind"])
        old["revoked"] = True
        if not self._dialect.rotates:
            new["refresh_token"] = old["refresh_token"]
        return new

    def find(self, access_token: str) -> Record | None:
        token: Record | None = self._store.table("tokens").get(access_token)
        return token

    def whose(self, headers: Headers) -> str | None:
        """The account behind a call, by its token; None when it has none that we issued."""
        _, _, access_token = headers.get("authorization", "").partition(" ")
        token = self.find(access_token)
        return str(token["account"]) if token else None

    def standing(self, access_token: str) -> Standing:
        token = self.find(access_token)
        if token is None:
            return "unknown"
        if token["revoked"]:
            return "revoked"
        expired = token["expires_at"] is not None and token["expires_at"] < self._store.now()
        return "expired" if expired else "live"

    def of(self, account: str) -> list[Record]:
        return [token for token in self._all() if token["account"] == account]

    def revoke(self, account: str) -> int:
        """Take back all that the account granted; returns how many tokens died."""
        living = [token for token in self.of(account) if not token["revoked"]]
        for token in living:
            token["revoked"] = True
        return len(living)

    def expire(self, account: str) -> int:
        """Let the account's access tokens run out now; refresh tokens stay good."""
        tokens = self.of(account)
        for token in tokens:
            token["expires_at"] = self._store.now() - 1
        return len(tokens)

    def _all(self) -> list[dict[str, Any]]:
        return list(self._store.table("tokens").values())


def proves(verifier: str, challenge: str) -> bool:
    """RFC 7636, 4.6 with S256."""
    digest = hashlib.sha256(verifier.encode()).digest()
    ours = base64.urlsafe_b64encode(digest).rstrip(b"=")
    return hmac.compare_digest(ours, challenge.encode())
