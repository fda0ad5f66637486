"""The ways to a token, as Authlib walks them, with our rows:
https://docs.authlib.org/en/latest/django/2/authorization-server.html"""

from __future__ import annotations

from typing import Any

from authlib.oauth2.rfc6749 import InvalidRequestError, scope_to_list
from authlib.oauth2.rfc6749.grants import AuthorizationCodeGrant, RefreshTokenGrant
from authlib.oauth2.rfc7009 import RevocationEndpoint
from authlib.oauth2.rfc7636 import CodeChallenge
from authlib.oauth2.rfc8628 import DeviceAuthorizationEndpoint, DeviceCodeGrant
from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from idonethis.accounts.oauth.app import DEVICE_GRANT, App
from idonethis.accounts.oauth.waiting import DEVICE_LASTS, INTERVAL, Code, Device
from idonethis.accounts.tokens import ApiToken, hashed
from idonethis.ids import hook_token

METHODS = ["client_secret_basic", "client_secret_post", "none"]


class ByS256(CodeChallenge):  # type: ignore[misc]
    """For every application, and never in the clear: https://www.rfc-editor.org/rfc/rfc9700"""

    DEFAULT_CODE_CHALLENGE_METHOD = "S256"
    SUPPORTED_CODE_CHALLENGE_METHOD = ("S256",)

    def validate_code_challenge(self, grant: Any, redirect_uri: str) -> None:
        said = grant.request.payload.data
        if said.get("code_challenge_method") != "S256" or not said.get("code_challenge"):
            raise InvalidRequestError("Send a code_challenge, and S256 as code_challenge_method.")
        super().validate_code_challenge(grant, redirect_uri)


class ByCode(AuthorizationCodeGrant):  # type: ignore[misc]
    TOKEN_ENDPOINT_AUTH_METHODS = METHODS

    def generate_authorization_code(self) -> str:
        return hook_token()

    def save_authorization_code(self, code: str, request: Any) -> None:
        Code.objects.forget()
        Code.objects.create(
            app=request.client,
            hashed=hashed(code),
            scopes=scope_to_list(request.scope),
            user=request.user,
            redirect_uri=request.payload.redirect_uri or "",
            challenge=request.payload.data["code_challenge"],
        )

    def query_authorization_code(self, code: str, client: App) -> Code | None:
        found = Code.objects.shown_as(code)
        if not isinstance(found, Code) or found.app_id != client.pk or found.was_used():
            return None
        return found if found.expires_at > timezone.now() else None

    def authenticate_user(self, authorization_code: Code) -> Any:
        return authorization_code.user if authorization_code.user.is_active else None

    def delete_authorization_code(self, authorization_code: Code) -> None:
        authorization_code.use(self.request.lent)


class ByRefreshing(RefreshTokenGrant):  # type: ignore[misc]
    TOKEN_ENDPOINT_AUTH_METHODS = METHODS
    INCLUDE_NEW_REFRESH_TOKEN = True

    def authenticate_refresh_token(self, refresh_token: str) -> ApiToken | None:
        return ApiToken.objects.refreshed_by(refresh_token)

    def authenticate_user(self, refresh_token: ApiToken) -> Any:
        return refresh_token.user

    def revoke_old_credential(self, refresh_token: ApiToken) -> None:
        """It went when the new one was made."""


class ByDevice(DeviceCodeGrant):  # type: ignore[misc]
    GRANT_TYPE = DEVICE_GRANT
    TOKEN_ENDPOINT_AUTH_METHODS = METHODS

    def query_device_credential(self, device_code: str) -> Device | None:
        found = Device.objects.shown_as(device_code)
        return found if isinstance(found, Device) and not found.was_used() else None

    def query_user_grant(self, user_code: str) -> tuple[Any, bool] | None:
        found = Device.objects.get(user_code=user_code)
        if found.allowed is None or found.user is None:
            return None
        return found.user, found.allowed and found.user.is_active

    def should_slow_down(self, credential: Device) -> bool:
        return credential.asks_too_often()


class AskingForDevice(DeviceAuthorizationEndpoint):  # type: ignore[misc]
    CLIENT_AUTH_METHODS = METHODS
    EXPIRES_IN = int(DEVICE_LASTS.total_seconds())
    INTERVAL = int(INTERVAL.total_seconds())

    def authenticate_client(self, request: Any) -> App:
        app: App = super().authenticate_client(request)
        if not app.devices:
            raise InvalidRequestError("This application is not let in by a code that is typed.")
        if app.get_allowed_scope(request.payload.scope) is None:
            raise InvalidRequestError("The application may not ask for this scope.")
        return app

    def generate_device_code(self) -> str:
        return hook_token()

    def get_verification_uri(self) -> str:
        return settings.BASE_URL + reverse("device")

    def save_device_credential(self, client_id: str, scope: str, data: dict[str, str]) -> None:
        Device.objects.forget()
        app = App.objects.get(hash_id=client_id)
        Device.objects.create(
            app=app,
            hashed=hashed(data["device_code"]),
            user_code=data["user_code"],
            scopes=scope_to_list(app.get_allowed_scope(scope)),
        )


class Revoking(RevocationEndpoint):  # type: ignore[misc]
    CLIENT_AUTH_METHODS = METHODS

    def query_token(self, token_string: str, token_type_hint: str | None) -> ApiToken | None:
        shown = ApiToken.objects.shown_as(token_string)
        return shown or ApiToken.objects.refreshed_by(token_string)

    def revoke_token(self, token: ApiToken, request: Any) -> None:
        """Both go: https://www.rfc-editor.org/rfc/rfc7009#section-2.1"""
        token.revoke()
