"""The server of https://www.rfc-editor.org/rfc/rfc6749, which Authlib is: it judges what is asked
and words what is refused; what is kept, and for how long, stands here. An application that a person
lets in has a token like every other of theirs: with scopes, on the page of tokens, ended there; and
the hooks that it subscribes end with it."""

from __future__ import annotations

from typing import Any

from authlib.integrations.django_oauth2 import AuthorizationServer
from authlib.integrations.django_oauth2.requests import DjangoOAuth2Payload
from authlib.oauth2.rfc6749 import OAuth2Request, scope_to_list
from authlib.oauth2.rfc9207 import IssuerParameter
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from idonethis.accounts.oauth.app import DEVICE_GRANT, App
from idonethis.accounts.oauth.grants import (
    METHODS,
    AskingForDevice,
    ByCode,
    ByDevice,
    ByRefreshing,
    ByS256,
    Revoking,
)
from idonethis.accounts.tokens import ApiToken, Scope


class Asked(OAuth2Request):  # type: ignore[misc]
    """Authlib refuses to work without TLS. Whoever runs a server without it, at home or in a test,
    signs in there without it, too, so nothing is won by that."""

    def __init__(self, request: HttpRequest) -> None:
        uri = "https://" + request.build_absolute_uri().partition("://")[2]
        super().__init__(method=request.method, uri=uri, headers=request.headers)
        self.payload = DjangoOAuth2Payload(request)
        self.plain = request

    @property
    def args(self) -> Any:
        return self.plain.GET

    @property
    def form(self) -> Any:
        return self.plain.POST


class Issuer(IssuerParameter):  # type: ignore[misc]
    """So that nobody takes an answer of ours for one of somebody else's."""

    def get_issuer(self) -> str:
        return str(settings.BASE_URL)

    def add_issuer_parameter(self, server: Any, response: HttpResponse) -> None:
        if "Location" in response:
            joined = "&" if "?" in response["Location"] else "?"
            response["Location"] += f"{joined}iss={settings.BASE_URL}"


class Server(AuthorizationServer):  # type: ignore[misc]
    def __init__(self) -> None:
        super().__init__(App, ApiToken)
        self.scopes_supported = list(Scope.values)
        self.register_grant(ByCode, [ByS256()])
        self.register_grant(ByRefreshing)
        self.register_grant(ByDevice)
        self.register_endpoint(AskingForDevice)
        self.register_endpoint(Revoking)

    def create_oauth2_request(self, request: HttpRequest) -> Asked:
        return Asked(request)

    def query_client(self, client_id: str | None) -> App | None:
        return App.objects.filter(hash_id=(client_id or "").replace("\0", "")).first()

    def save_token(self, token: dict[str, Any], request: Any) -> None:
        """Ours, in place of those that Authlib has made up."""
        lent = getattr(request, "refresh_token", None) or ApiToken.objects.lend(
            request.user, request.client, scope_to_list(token["scope"])
        )
        token.update(lent.renew())
        request.lent = lent
        if device := getattr(request, "credential", None):
            device.use(lent)


def metadata() -> dict[str, Any]:
    """https://www.rfc-editor.org/rfc/rfc8414"""
    base = settings.BASE_URL
    return {
        "issuer": base,
        "authorization_endpoint": base + reverse("authorize"),
        "token_endpoint": base + reverse("oauth_token"),
        "revocation_endpoint": base + reverse("oauth_revoke"),
        "device_authorization_endpoint": base + reverse("oauth_device"),
        "scopes_supported": list(Scope.values),
        "response_types_supported": ["code"],
        "response_modes_supported": ["query"],
        "grant_types_supported": ["authorization_code", "refresh_token", DEVICE_GRANT],
        "code_challenge_methods_supported": ["S256"],
        "token_endpoint_auth_methods_supported": METHODS,
        "revocation_endpoint_auth_methods_supported": METHODS,
        "authorization_response_iss_parameter_supported": True,
    }


server = Server()
server.register_extension(lambda each: Issuer()(each))
