"""What an integration may say about itself. Everything else is done for it.

An integration is one folder in ``idonethis/partners``; its class inherits what it can do:
``Receives`` or ``ReceivesForAll`` (hooks in), ``Registers`` (makes its webhooks itself),
``Replies`` (answers people at once), ``Sends`` (entries out).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import Enum
from typing import Any, ClassVar, Protocol

from django import forms

from idonethis import env
from idonethis.entries.drafts import (
    NOBODY,
    Actor,
    Detail,
    Draft,
    Growing,
    Retitle,
    Retract,
    Rewritten,
)
from idonethis.entries.models import Entry
from idonethis.integrations.http import (
    Again,
    Answer,
    Client,
    Failed,
    Gone,
    NeedsPermission,
    NeedsReconnect,
    Never,
)
from idonethis.integrations.signatures import (
    AnyOf,
    Hmac,
    Refused,
    SharedToken,
    Signature,
    fingerprint,
)
from idonethis.integrations.values import (
    EMPTY,
    Account,
    Address,
    Choice,
    Hook,
    Ignored,
    Reason,
    Response,
    Revoked,
    Secret,
    Unreadable,
)
from idonethis.teams.models import Team

__all__ = [
    "EMPTY", "NOBODY", "Account", "Actor", "Address", "Again", "Answer", "AnyOf", "Choice",
    "Client", "Detail", "Directory", "Draft", "Ended", "Event", "Failed", "Found", "Gone",
    "Growing", "Hmac", "Hook", "Ignored", "Integration", "Link", "LinkForm", "Needed",
    "NeedsPermission", "NeedsReconnect", "Never", "Note", "OAuth2", "Reason", "Receives",
    "ReceivesForAll", "Refused", "Registers", "Replies", "Response", "Retitle", "Retract",
    "Revoked", "Rewritten", "Scope", "Secret", "Sends", "SharedToken", "Signature", "Unreadable",
    "fingerprint",
]  # fmt: skip

#: What ``hook`` may yield.
Event = Draft | Retitle | Retract | Revoked | Ignored


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
    """The person and the link that an event of an application-wide hook belongs to."""

    person: str
    team: str
    today: date
    log_url: str


class Directory(Protocol):
    """What a reply may ask, read-only and without the worker: who is this, and where?"""

    def find(self, actor: Actor, address: Address) -> Found | Reason:
        """The person and their team; else why a hook from them would make no entry: NO_LINK,
        LINK_PAUSED, NO_PERSON or NOT_IN_TEAM."""
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
    """Something to tell the person who did it, once, at an address that the partner gave."""

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
class OAuth2:
    """A partner's OAuth 2 as data. Addresses may use ``{web}`` and ``{api}``, the integration's
    own. ``authorize_params`` are added to the authorization address."""

    authorize_url: str
    token_url: str
    scopes: tuple[str, ...]
    scope_separator: str = " "
    pkce: bool = True
    token_auth: str = "client_secret_post"  # noqa: S105
    authorize_params: Mapping[str, str] | None = None
    #: Headers that make the token endpoint answer in JSON, where it must be asked to.
    token_headers: Mapping[str, str] | None = None


class LinkForm(forms.Form):
    """What a link needs to know besides its team. Cleaned data becomes ``link.config``, so every
    field must clean to something JSON can hold."""

    #: Fields that pick something at the partner; their choices come from ``Integration.choices``.
    picks: ClassVar[tuple[str, ...]] = ()


class Integration:
    integration_type: str  # the folder's name; set by the registry
    name: str
    category: str = "Other"
    #: One line for the catalogue: what comes in, what goes out. At most 120 characters.
    tagline: str = ""
    scope: Scope = Scope.TEAM
    link_form: type[LinkForm] = LinkForm
    oauth: OAuth2 | None = None
    #: Addresses of the partner, by name; ``<TYPE>_WEB_URL`` and ``<TYPE>_API_URL`` override them.
    addresses: ClassVar[Mapping[str, str]] = {}
    #: What the administrator must set before anybody can connect; with OAuth, the client's too.
    needs: tuple[Needed, ...] = ()
    #: What the consent page asks for, in plain words, shown before anybody connects.
    reads: tuple[str, ...] = ()
    writes: tuple[str, ...] = ()

    def address(self, name: str) -> str:
        """An address of the partner, such as ``web`` or ``api``, without a slash at the end."""
        setting = f"{self.integration_type}_{name}_url".upper()
        return env.text(setting, self.addresses.get(name, "")).rstrip("/")

    def headers(self, secrets: Mapping[str, Any]) -> dict[str, str]:
        """How a call proves who we are, from the ``secrets`` of an Account."""
        return {"Authorization": f"Bearer {secrets.get('access_token', '')}"}

    def short_name(self, link: Link) -> str:
        """The link in two or three words, such as ``analytical/engine``."""
        return link.subject or self.name

    def summary(self, link: Link) -> str:
        """What flows, in at most 80 characters. Must not fail on an empty config."""
        raise NotImplementedError

    def came_from(self, link: Link) -> str:
        """Where an entry says it came from, to everybody who may read it."""
        return f"{self.name}, {self.short_name(link)}" if link.subject else self.name

    def subject(self, config: Mapping[str, Any]) -> str:
        """The thing at the partner that a link with this config is about."""
        return ""

    def identify(self, token: Mapping[str, Any], client: Client) -> Account:
        """Whom a fresh OAuth token speaks for. ``client`` already carries the access token; where
        the partner installs into a workspace, ``Account.workspace`` keeps the workspace's token."""
        raise NotImplementedError

    def choices(self, field: str, query: str, client: Client) -> Sequence[Choice]:
        """What can be picked in a field of ``link_form.picks``, best matches first."""
        return ()

    def check(self, config: Mapping[str, Any], client: Client) -> None:
        """A last look before a link is made. Raises Failed with a sentence for the person."""

    def manifest(self, base_url: str, hook_url: str, callback_url: str) -> str:
        """Text to paste at the partner when the administrator registers this server there."""
        return ""


class Receives(Integration):
    """Takes hooks on an address per link, signed with the link's own secret."""

    signature: Signature
    #: The largest body this partner sends, in bytes; None means the server's setting.
    body_limit: int | None = None
    #: The header that names a delivery; without one, equal bodies are one delivery.
    delivery_header: str = ""
    #: The header that names the event.
    event_header: str = ""

    def challenge(self, hook: Hook) -> Response | None:
        """The answer to a handshake, which is not stored; None for everything else."""
        return None

    def delivery_key(self, hook: Hook) -> str:
        """Names this delivery: a partner that sends it again sends the same key."""
        given = hook.header(self.delivery_header) if self.delivery_header else ""
        return given[:200] or fingerprint(hook.body)

    def event(self, hook: Hook) -> str:
        """The partner's word for what happened, such as ``pull_request.closed``. Asked when the
        hook is processed; until then the header alone is shown."""
        return hook.header(self.event_header)[:80] if self.event_header else ""

    def check_readable(self, hook: Hook) -> None:
        """Raises Unreadable for a body that can never be understood."""
        hook.skim()

    def accepted(self, hook: Hook) -> Response:
        """What the partner wants to hear once a hook is stored."""
        return EMPTY

    def refused(self, reason: Reason) -> Response:
        """What makes the partner's own pages show that, and why, we did not take a hook."""
        status = {Reason.UNKNOWN_ENDPOINT: 404, Reason.UNREADABLE: 400, Reason.TOO_LARGE: 413}
        sentence = f"Refused ({reason.value}). Nothing was stored."
        return Response(status.get(reason, 401), sentence.encode())

    def read(self, hook: Hook, link: Link) -> Iterator[Event]:
        """What a stored hook says, after the rules that hold for every integration."""
        events = list(self.hook(hook, link))
        for event in events:
            if isinstance(event, Draft) and event.actor.bot and not link.config.get("bots"):
                yield Ignored(Reason.BOT, f"{event.actor.login or 'The author'} is a bot.")
            else:
                yield event
        if not events:
            yield Ignored(Reason.UNSUPPORTED, "This kind of event never makes an entry.")

    def hook(self, hook: Hook, link: Link) -> Iterable[Event]:
        """What happened, as values. Pure: no database, no network, no clock."""
        raise NotImplementedError


class Registers(Receives):
    """Makes and removes its webhooks at the partner: one per subject, however many links."""

    def create_hook(self, client: Client, subject: str, *, url: str, secret: Secret) -> str:
        """Makes the webhook, or finds the one with this address; returns the partner's id."""
        raise NotImplementedError

    def destroy_hook(self, client: Client, subject: str, *, url: str, remote_id: str) -> None:
        """Removes it. Already gone is a success."""
        raise NotImplementedError


class ReceivesForAll(Receives):
    """Takes hooks on one address for the whole server, signed with the application's secret
    (the setting ``<TYPE>_SIGNING_SECRET``); the verified body says whom they are for."""

    def addressee(self, hook: Hook) -> Address:
        """The workspace and the place that the hook speaks of. Pure."""
        raise NotImplementedError


class Replies(ReceivesForAll):
    """Answers a person in the same breath, once what they typed is stored."""

    def reply(self, hook: Hook, directory: Directory) -> Response:
        raise NotImplementedError

    def note(self, hook: Hook, ended: Ended, directory: Directory) -> Note | None:
        """What to tell the person after the hook was processed, where the reply came too early to
        know. Sent once; that it gets lost with a dying process is accepted."""
        return None


class Sends(Integration):
    """Carries entries to the partner. Each method makes its calls through ``client`` and raises
    Again or Never; text of people must be escaped for the partner."""

    def wants(self, entry: Entry, link: Link) -> bool:
        """Whether this entry goes out by this link; asked again after every change."""
        return True

    def deliver(self, entry: Entry, link: Link, client: Client) -> str:
        """Posts the entry; returns the partner's name of the post."""
        raise NotImplementedError

    def update(self, entry: Entry, link: Link, client: Client, *, reference: str) -> None:
        raise NotImplementedError

    def retract(self, link: Link, client: Client, *, reference: str) -> None:
        """Removes the post. Already gone is a success."""
        raise NotImplementedError
