"""OAuth 1.0a in the place of OAuth 2.0: https://datatracker.ietf.org/doc/html/rfc5849

Each signature is worked out anew from the request, as the RFC says, and no nonce is taken twice."""

from __future__ import annotations

import base64
import hmac
import re
import secrets
from collections.abc import Callable, Iterable
from urllib.parse import quote, unquote, urlencode

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from .clients import Client
from .consent import Consent
from .dialect import Dialect
from .grants import Grants
from .store import Record, Store

#: Seconds by which the clock of who signs may be wrong.
SKEW = 300
FORM = "application/x-www-form-urlencoded"


class Refused(Exception):
    """A request that is not granted, in a few words."""


class Handshake(Consent):
    """The consent page, and the two steps around it."""

    def __init__(
        self,
        title: str,
        store: Store,
        *,
        client: Client,
        grants: Grants,
        dialect: Dialect,
        issue: Callable[[Record], Record],
        request_path: str,
    ) -> None:
        super().__init__(title, store, client=client, grants=grants, dialect=dialect)
        self._issue = issue
        self._request_path = request_path

    def routes(self) -> list[Route]:
        return [
            Route(self._request_path, self.begin, methods=["POST"]),
            *super().routes(),
            Route(self._dialect.token_path, self.exchange, methods=["POST"]),
        ]

    async def begin(self, request: Request) -> Response:
        """RFC 5849, 2.1"""
        try:
            said = self._signed(request, token_secret="")
        except Refused as refused:
            return PlainTextResponse(str(refused), 401)
        if not self._client.owns(said.get("oauth_callback", "")):
            return PlainTextResponse("invalid callback", 401)
        token, secret = secrets.token_hex(16), secrets.token_hex(16)
        self._requests[token] = {
            "secret": secret,
            "callback": said["oauth_callback"],
            "expires_at": self._store.now() + self._dialect.code_lifetime,
        }
        return _form(token, secret, oauth_callback_confirmed="true")

    def asked(self, request: Request) -> Record:
        """As a request of OAuth 2.0, so that the page shows it; nothing, where nobody asked, or an
        account has said yes before."""
        query = dict(request.query_params)
        known = self._standing(query.get("oauth_token", ""))
        if known is None or "verifier" in known:
            return {}
        who = {"client_id": self._client.client_id, "redirect_uri": known["callback"]}
        return {**query, **who, "response_type": "code"}

    def proof(self, account: str, asked: Record) -> Record:
        token = asked["oauth_token"]
        verifier = secrets.token_hex(16)
        self._requests[token].update(verifier=verifier, account=account, asked=asked)
        return {"oauth_token": token, "oauth_verifier": verifier}

    def denial(self) -> Record:
        """The RFC knows no word for it: there is no verifier."""
        return {}

    async def exchange(self, request: Request) -> Response:
        """RFC 5849, 2.3. A request token that was shown here is spent, whatever comes of it."""
        token = parameters(request).get("oauth_token", "")
        known = self._standing(token)
        self._requests.pop(token, None)
        try:
            grant = self._granted(request, known)
        except Refused as refused:
            return PlainTextResponse(str(refused), 401)
        return _form(self._issue(grant)["access_token"], secrets.token_hex(16))

    def _granted(self, request: Request, known: Record | None) -> Record:
        if known is None:
            raise Refused("token not found")
        said = self._signed(request, token_secret=known["secret"])
        if "verifier" not in known or said.get("oauth_verifier") != known["verifier"]:
            raise Refused("invalid verifier")
        scopes = self._dialect.split(known["asked"].get("scope", ""))
        return {"account": known["account"], "scopes": scopes, "asked": known["asked"]}

    @property
    def _requests(self) -> Record:
        return self._store.table("requests")

    def _standing(self, token: str) -> Record | None:
        known: Record | None = self._requests.get(token)
        return known if known and known["expires_at"] > self._store.now() else None

    def _signed(self, request: Request, *, token_secret: str) -> Record:
        """What the header says, once it is known to be the application's. RFC 5849, 3.2"""
        said = parameters(request)
        if said.get("oauth_consumer_key") != self._client.client_id:
            raise Refused("invalid key")
        signed = [(name, value) for name, value in said.items() if name != "oauth_signature"]
        expected = signature(
            request.method,
            str(request.url.replace(query="")),
            [*signed, *request.query_params.multi_items()],
            secret=self._client.client_secret,
            token_secret=token_secret,
        )
        is_ours = said.get("oauth_signature_method") == "HMAC-SHA1"
        if not is_ours or said.get("oauth_signature") != expected:
            raise Refused("invalid signature")
        self._note(said)
        return said

    def _note(self, said: Record) -> None:
        """RFC 5849, 3.3"""
        at, nonce = said.get("oauth_timestamp", ""), said.get("oauth_nonce", "")
        nonces = self._store.table("nonces")
        if not at.isdecimal() or abs(int(at) - self._store.now()) > SKEW:
            raise Refused("invalid timestamp")
        if not nonce or f"{at} {nonce}" in nonces:
            raise Refused("nonce already used")
        nonces[f"{at} {nonce}"] = True


def signature(
    method: str, url: str, named: Iterable[tuple[str, str]], *, secret: str, token_secret: str
) -> str:
    """RFC 5849, 3.4"""
    pairs = sorted((escaped(name), escaped(value)) for name, value in named)
    normal = "&".join(f"{name}={value}" for name, value in pairs)
    text = "&".join(escaped(part) for part in (method.upper(), url, normal))
    key = f"{escaped(secret)}&{escaped(token_secret)}"
    return base64.b64encode(hmac.digest(key.encode(), text.encode(), "sha1")).decode()


def escaped(text: str) -> str:
    """RFC 5849, 3.6"""
    return quote(text, safe="")


def parameters(request: Request) -> dict[str, str]:
    """RFC 5849, 3.5.1"""
    scheme, _, listed = request.headers.get("authorization", "").partition(" ")
    found = re.findall(r'\b(\w+)="([^"]*)"', listed) if scheme.lower() == "oauth" else []
    return {name: unquote(value) for name, value in found if name != "realm"}


def _form(token: str, secret: str, **more: str) -> Response:
    said = {"oauth_token": token, "oauth_token_secret": secret, **more}
    return Response(urlencode(said), media_type=FORM)
