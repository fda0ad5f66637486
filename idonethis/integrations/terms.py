"""The words in which an integration and its surroundings speak with each other."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import Enum
from typing import Any, ClassVar, Protocol

from django import forms

from idonethis.entries.drafts import Actor, Draft, Retitle, Retract
from idonethis.integrations.values import Decision, Ignored, Reason, Revoked
from idonethis.teams.models import Team

#: What ``hook`` may yield.
Event = Draft | Retitle | Retract | Revoked | Decision | Ignored


class Scope(Enum):
    """On whose settings page the links of an integration stand."""

    TEAM = "team"
    USER = "user"


class Link(Protocol):
    """All that an integration may see of an IntegrationLink."""

    @property
    def hash_id(self) -> str: ...
    @property
    def team(self) -> Team: ...
    @property
    def config(self) -> dict[str, Any]: ...
    @property
    def subject(self) -> str: ...


@dataclass(frozen=True)
class Found:
    """The person and the team that an event belongs to."""

    person: str
    team: str
    today: date
    log_url: str


@dataclass(frozen=True)
class Suggested:
    """What waits for one person to say yes or no: of which team, and its public name."""

    name: str
    kind: str
    body: str
    day: date
    team: str


class Directory(Protocol):
    """What the reply to one hook may ask, read-only and without the worker: who is this?"""

    def find(self, actor: Actor) -> Found | Reason:
        """The person and their team; else why a hook from them would make no entry: NO_LINK,
        LINK_PAUSED, NO_PERSON or NOT_IN_TEAM."""
        ...

    def suggestions(self, actor: Actor) -> Sequence[Suggested]:
        """What is suggested to this person, the latest first; nothing where only a team says who
        they are, or only a link that they wrote this. For their eyes alone."""
        ...

    def claim_url(self, actor: Actor) -> str:
        """Where this person says, signed in, that the account at the partner is theirs."""
        ...


@dataclass(frozen=True)
class Ended:
    """How a hook ended: see Reason; ``why`` is a sentence."""

    reason: Reason
    why: str = ""


@dataclass(frozen=True)
class Note:
    """Something to tell the person who did it, once, at an address that the partner gave; see
    ``FollowsUp.note_hosts``."""

    url: str
    content: Mapping[str, Any]


@dataclass(frozen=True)
class Needed:
    """One thing that the administrator of a server gets from the partner once: ``name`` is a
    suffix of the setting, as in ``<TYPE>_CLIENT_ID``."""

    name: str
    label: str
    help: str = ""


@dataclass(frozen=True)
class OAuth1:
    """A partner's OAuth 1.0a as data. Addresses may use ``{web}`` and ``{api}``, the integration's
    own. ``authorize_params`` are added to the authorization address.

    What was granted holds ``access_token``, ``token_secret`` and ``consumer_key``. Calls are made
    as ``headers`` says; they are not signed one by one."""

    request_url: str
    authorize_url: str
    token_url: str
    authorize_params: Mapping[str, str] | None = None


@dataclass(frozen=True)
class OAuth2:
    """A partner's OAuth 2 as data. Addresses may use the integration's own by their names, such as
    ``{web}`` and ``{api}``. ``authorize_params`` are added to the authorization address."""

    authorize_url: str
    token_url: str
    scopes: tuple[str, ...]
    scope_separator: str = " "
    pkce: bool = True
    token_auth: str = "client_secret_post"  # noqa: S105
    #: As what the token endpoint takes its fields: ``form``, or ``json``.
    token_body: str = "form"  # noqa: S105
    authorize_params: Mapping[str, str] | None = None
    #: Headers that make the token endpoint answer in JSON, where it must be asked to.
    token_headers: Mapping[str, str] | None = None
    #: What the partner calls itself in ``iss``, where that is not where ``authorize_url`` leads.
    issuer: str = ""


class LinkForm(forms.Form):
    """What a link needs to know besides its team. Cleaned data becomes ``link.config``, so every
    field must clean to something JSON can hold."""

    #: Fields that pick something at the partner; their choices come from ``Integration.choices``.
    picks: ClassVar[tuple[str, ...]] = ()

    def without_account(self) -> None:
        """Asks nothing any more that takes an account at the partner."""
