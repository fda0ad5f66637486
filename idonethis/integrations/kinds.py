"""What an integration can be: each class says what it must bring, and what is done for it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import Any, ClassVar, Protocol

from django import forms

from idonethis import env
from idonethis.integrations.asks import NOTHING, Asks
from idonethis.integrations.http import Answers, Client
from idonethis.integrations.paces import USUAL, Pace
from idonethis.integrations.questions import ruled
from idonethis.integrations.rules import Rules
from idonethis.integrations.terms import (
    Link,
    LinkForm,
    Needed,
    OAuth1,
    OAuth2,
    Scope,
)
from idonethis.integrations.values import (
    Account,
    Choice,
    Hook,
    Secret,
)


class Introducer(Protocol):
    """Says who somebody is at the partner; a module with this one function does."""

    def account(self, client: Client, said: Mapping[str, Any], /) -> Account: ...


class Integration:
    integration_type: str  # the folder's name; set by the registry
    name: str
    category: str = "Other"
    #: One line for the catalogue: what comes in, what goes out. At most 120 characters.
    tagline: str = ""
    scope: Scope = Scope.TEAM
    #: The fields of its own; those of ``asks`` come with them, see ``form``.
    link_form: type[LinkForm] = LinkForm
    asks: Asks = NOTHING
    oauth: OAuth1 | OAuth2 | None = None
    #: What a person types to let us in, where the partner asks nobody; see ``introduced``.
    credentials: type[forms.Form] | None = None
    #: Addresses of the partner, by name; ``<TYPE>_WEB_URL`` and ``<TYPE>_API_URL`` override them.
    addresses: ClassVar[Mapping[str, str]] = {}
    #: Who says whom a token, or what was typed, speaks for, where ``identify`` or ``introduced`` is
    #: not written by the integration itself.
    introducer: Introducer
    #: In the secrets of an Account, what a call shows as Bearer; see ``headers``.
    bearer: str = "access_token"
    #: What its refusals mean, as its documentation says, beyond what they mean everywhere.
    answers: Answers = Answers()
    #: How much it takes, as its documentation says, the narrowest first: a request goes out when
    #: all of them let it.
    paces: tuple[Pace, ...] = USUAL
    #: What the administrator must set before anybody can connect; with OAuth, the client's too.
    needs: tuple[Needed, ...] = ()
    #: What the consent page asks for, in plain words, shown before anybody connects.
    reads: tuple[str, ...] = ()
    writes: tuple[str, ...] = ()

    @cached_property
    def form(self) -> type[LinkForm]:
        """The whole form of a link: the integration's own fields, and the questions of ``asks``."""
        return ruled(self.link_form, self.asks)

    @property
    def defaults(self) -> dict[str, Any]:
        """The config of a link on whose form nothing was changed."""
        return {name: field.initial for name, field in self.form.base_fields.items()}

    def rules(self, link: Link) -> Rules:
        return Rules.of(self.asks, link.config)

    def address(self, name: str) -> str:
        """An address of the partner, such as ``web`` or ``api``, without a slash at the end."""
        setting = f"{self.integration_type}_{name}_url".upper()
        return env.text(setting, self.addresses.get(name, "")).rstrip("/")

    @property
    def own_addresses(self) -> list[str]:
        """All of them: where what proves who we are may go."""
        return [self.address(name) for name in self.addresses]

    @property
    def connects(self) -> bool:
        """Whether somebody must be somebody at the partner before a link can act there."""
        return self.oauth is not None or self.credentials is not None

    def base(self, secrets: Mapping[str, Any]) -> str:
        """Where calls with these ``secrets`` of an Account go, and nowhere else."""
        return self.address("api")

    def headers(self, secrets: Mapping[str, Any]) -> dict[str, str]:
        """How a call proves who we are, from the ``secrets`` of an Account."""
        return {"Authorization": f"Bearer {secrets.get(self.bearer, '')}"}

    def signed(self, message: Hook, secrets: Mapping[str, Any]) -> Mapping[str, str]:
        """The headers that prove that a message is ours, from the ``secrets`` of an Account."""
        return {}

    def client(self, secrets: Mapping[str, Any] | None = None) -> Client:
        """Calls the partner's API with these ``secrets`` of an Account, or as nobody."""
        return Client(
            self.base(secrets or {}),
            headers=self.headers(secrets) if secrets else None,
            answers=self.answers,
            name=self.name,
            own=self.own_addresses,
            signs=lambda message: self.signed(message, secrets or {}),
        )

    def new_secret(self) -> Secret:
        """With which hooks of a new link are to be signed; none, where we do not say it."""
        return Secret()

    def short_name(self, link: Link) -> str:
        """The link in two or three words, such as ``analytical/engine``."""
        return link.subject or self.name

    def summary(self, link: Link) -> str:
        """What flows, in at most 80 characters; what is logged, where it does not say more. Must
        not fail on an empty config."""
        return f"Logs {', '.join(self.asks.said(link.config)) or 'nothing'}"[:80]

    def came_from(self, link: Link) -> str:
        """Where an entry says it came from, to everybody who may read it."""
        return f"{self.name}, {self.short_name(link)}" if link.subject else self.name

    def subject(self, config: Mapping[str, Any]) -> str:
        """The thing at the partner that a link with this config is about."""
        return ""

    def account_in(self, email: str) -> str:
        """The uid of the account to which the partner gave this mail address, where the address
        itself says so, as those do that keep a person's own private. Pure."""
        return ""

    def identify(self, token: Mapping[str, Any], client: Client) -> Account:
        """Whom a fresh OAuth token speaks for. ``client`` already carries the access token; where
        the partner installs into a workspace, ``Account.workspace`` keeps the workspace's token."""
        return self.introducer.account(client, token)

    def introduced(self, typed: Mapping[str, Any], client: Client) -> Account:
        """Whom the cleaned data of ``credentials`` speak for. ``client`` carries them already; a
        call that fails says that they are wrong. ``Account.secrets`` keeps what is needed."""
        return self.introducer.account(client, typed)

    def prolonged(self, secrets: Mapping[str, Any], client: Client) -> Mapping[str, Any]:
        """A fresh ``access_token``, and mostly ``refresh_token``, for these ``secrets`` of an
        Account, where what a person typed lets us in for a while only. ``client`` calls as nobody.
        Raises NeedsReconnect where the partner does not take the ``refresh_token`` any more."""
        raise NotImplementedError

    def revoke(self, secrets: Mapping[str, Any], client: Client, *, client_id: str) -> None:
        """Ends what these ``secrets`` of an Account allow. ``client`` proves who this server is,
        not who the person is. Nothing to do where the partner has no way for it."""

    def choices(self, field: str, query: str, client: Client) -> Sequence[Choice] | None:
        """What can be picked in a field of ``link_form.picks``, best matches first. None, where an
        account shows nothing to pick from, so that the field is one to type in."""
        return ()

    def check(self, config: Mapping[str, Any], client: Client) -> None:
        """A last look before a link is made. Raises Failed with a sentence for the person."""

    def manifest(self, base_url: str, hook_url: str, callback_url: str) -> str:
        """Text to paste at the partner when the administrator registers this server there."""
        return ""
