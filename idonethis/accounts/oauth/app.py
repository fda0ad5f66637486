from __future__ import annotations

import re
import secrets
from typing import Any, ClassVar
from urllib.parse import urlsplit

from authlib.oauth2.rfc6749 import ClientMixin, scope_to_list
from django.db import models, transaction

from idonethis.accounts.tokens import Scope, hashed
from idonethis.audit.models import record
from idonethis.ids import hash_id, hook_token

DEVICE_GRANT = "urn:ietf:params:oauth:grant-type:device_code"
#: Our own command line is known to every server.
COMMAND_LINE = "idonethis-cli"
LOOPBACK = ("127.0.0.1", "::1")
#: No fragment, and nothing that means something in a header or a policy.
PLAIN = re.compile(r"[\w.~:/?\[\]!$&'()*+=%-]+", re.ASCII)


class BadAddress(ValueError):
    """Nobody may be led there. The message is fit for people."""


def check_address(address: str) -> None:
    """Raises BadAddress unless it is of a server with TLS, of this machine, or of a scheme of its
    own, which has a dot: https://www.rfc-editor.org/rfc/rfc8252#section-7"""
    try:
        parts = urlsplit(address)
        is_local = parts.scheme == "http" and parts.hostname in LOOPBACK
        on_the_web = (parts.scheme == "https" or is_local) and parts.hostname and parts.port != 0
        fits = on_the_web or ("." in parts.scheme and not parts.netloc)
    except ValueError:
        fits = False
    if not fits or not PLAIN.fullmatch(address) or "@" in address:
        raise BadAddress(
            f"“{address}” is no address to lead people back to. Give one with https, http on "
            "127.0.0.1, or a scheme such as org.example.app. Nothing was registered."
        )


class AppQuerySet(models.QuerySet["App"]):
    @transaction.atomic
    def register(self, name: str, *, secret: bool, **facts: Any) -> tuple[App, str]:
        """A new one, and the secret to show this once; none, where it could keep none. Raises
        BadAddress."""
        for address in facts.get("redirect_uris", ()):
            check_address(address)
        shown = hook_token() if secret else ""
        made = self.create(name=name, hashed_secret=hashed(shown) if shown else "", **facts)
        record("app.registered", made)
        return made, shown

    def provide(self) -> None:
        facts = {"name": "Command line", "scopes": list(Scope.values), "devices": True}
        self.get_or_create(hash_id=COMMAND_LINE, defaults=facts)


class App(models.Model, ClientMixin):  # type: ignore[misc]
    """What somebody else's program is registered as. Its public name is its ``client_id``."""

    hash_id = models.CharField(max_length=40, unique=True, default=hash_id, editable=False)
    name = models.CharField(max_length=60)
    redirect_uris = models.JSONField(default=list)
    #: What it may ask for at most.
    scopes = models.JSONField(default=list)
    #: Whether people may let it in by a code that they type.
    devices = models.BooleanField(default=False)
    hashed_secret = models.CharField(max_length=64, blank=True, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)

    objects: ClassVar[AppQuerySet] = AppQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        ordering = ("name", "pk")

    def __str__(self) -> str:
        return self.name

    @transaction.atomic
    def renew_secret(self) -> str:
        """What to show this once. What it was before opens nothing more."""
        shown = hook_token()
        self.hashed_secret = hashed(shown)
        self.save(update_fields=["hashed_secret"])
        record("app.secret_rotated", self)
        return shown

    @transaction.atomic
    def remove(self) -> None:
        """Whoever let it in has let it in no more."""
        for token in self.tokens.all():
            token.revoke()
        record("app.removed", self)
        self.delete()

    # As Authlib asks: https://docs.authlib.org/en/latest/specs/rfc6749.html

    def get_client_id(self) -> str:
        return str(self.hash_id)

    def get_default_redirect_uri(self) -> str | None:
        return self.redirect_uris[0] if len(self.redirect_uris) == 1 else None

    def get_allowed_scope(self, scope: str | None) -> str | None:
        """Nothing, where it asks for more than it may."""
        asked = set(scope_to_list(scope or "") or self.scopes)
        return " ".join(sorted(asked)) if asked <= set(self.scopes) else None

    def check_redirect_uri(self, redirect_uri: str) -> bool:
        return any(_leads_there(redirect_uri, known) for known in self.redirect_uris)

    def check_client_secret(self, client_secret: str) -> bool:
        return bool(self.hashed_secret) and secrets.compare_digest(
            self.hashed_secret, hashed(client_secret)
        )

    def check_endpoint_auth_method(self, method: str, endpoint: str) -> bool:
        return (method == "none") != bool(self.hashed_secret)

    def check_response_type(self, response_type: str) -> bool:
        return response_type == "code"

    def check_grant_type(self, grant_type: str) -> bool:
        by_device = grant_type == DEVICE_GRANT and self.devices
        return by_device or grant_type in ("authorization_code", "refresh_token")


def _leads_there(asked: str, known: str) -> bool:
    """The very same. On somebody's own machine the port is chosen when a program starts:
    https://www.rfc-editor.org/rfc/rfc8252#section-7.3"""
    if asked == known:
        return True
    try:
        here, there = urlsplit(asked), urlsplit(known)
        is_local = there.scheme == "http" and there.hostname in LOOPBACK and there.port is None
        host = f"[{here.hostname}]" if ":" in (here.hostname or "") else str(here.hostname)
        return (
            is_local
            and here.port is not None
            and (here._replace(netloc=host) == there and "@" not in here.netloc)
        )
    except ValueError:
        return False
