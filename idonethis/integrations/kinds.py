"""What an integration can be: each class says what it must bring, and what is done for it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from functools import cached_property
from typing import Any, ClassVar
from urllib.parse import urlsplit

from django import forms
from django.conf import settings

from idonethis import env
from idonethis.entries.text import clean
from idonethis.ids import shortened
from idonethis.integrations.asks import NOTHING, Asks
from idonethis.integrations.http import Answers, Client
from idonethis.integrations.questions import ruled
from idonethis.integrations.rules import Rules
from idonethis.integrations.signatures import Signature, fingerprint
from idonethis.integrations.terms import (
    Directory,
    Ended,
    Event,
    Link,
    LinkForm,
    Needed,
    Note,
    OAuth2,
    Scope,
)
from idonethis.integrations.values import (
    EMPTY,
    Account,
    Address,
    Choice,
    FailedDelivery,
    Hook,
    Ignored,
    PastPage,
    Reason,
    Response,
    Secret,
    StandingHook,
)

#: Of a delivery's name in a row, in characters.
LONGEST_KEY = 200
#: What a partner hears that does not say itself what it understands. With 410 many stop sending.
REFUSED: Mapping[Reason, int] = {
    Reason.UNREADABLE: 400,
    Reason.TOO_LARGE: 413,
    Reason.LINK_REMOVED: 410,
    Reason.NOT_YET: 503,
    Reason.TOO_FAST: 429,
}
#: Refusals after which the same hook is taken a few seconds later.
PASSING = (Reason.NOT_YET, Reason.TOO_FAST)
#: The same for both, so that nobody learns which addresses there are.
NOT_GENUINE = frozenset((Reason.BAD_SIGNATURE, Reason.UNKNOWN_ENDPOINT))


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
    oauth: OAuth2 | None = None
    #: What a person types to let us in, where the partner asks nobody; see ``introduced``.
    credentials: type[forms.Form] | None = None
    #: Addresses of the partner, by name; ``<TYPE>_WEB_URL`` and ``<TYPE>_API_URL`` override them.
    addresses: ClassVar[Mapping[str, str]] = {}
    #: What its refusals mean, as its documentation says, beyond what they mean everywhere.
    answers: Answers = Answers()
    #: What the administrator must set before anybody can connect; with OAuth, the client's too.
    needs: tuple[Needed, ...] = ()
    #: What the consent page asks for, in plain words, shown before anybody connects.
    reads: tuple[str, ...] = ()
    writes: tuple[str, ...] = ()

    @cached_property
    def form(self) -> type[LinkForm]:
        """The whole form of a link: the integration's own fields, and the questions of ``asks``."""
        return ruled(self.link_form, self.asks)

    def rules(self, link: Link) -> Rules:
        return Rules.of(self.asks, link.config)

    def address(self, name: str) -> str:
        """An address of the partner, such as ``web`` or ``api``, without a slash at the end."""
        setting = f"{self.integration_type}_{name}_url".upper()
        return env.text(setting, self.addresses.get(name, "")).rstrip("/")

    @property
    def connects(self) -> bool:
        """Whether somebody must be somebody at the partner before a link can act there."""
        return self.oauth is not None or self.credentials is not None

    def base(self, secrets: Mapping[str, Any]) -> str:
        """Where calls with these ``secrets`` of an Account go, and nowhere else."""
        return self.address("api")

    def headers(self, secrets: Mapping[str, Any]) -> dict[str, str]:
        """How a call proves who we are, from the ``secrets`` of an Account."""
        return {"Authorization": f"Bearer {secrets.get('access_token', '')}"}

    def client(self, secrets: Mapping[str, Any] | None = None) -> Client:
        """Calls the partner's API with these ``secrets`` of an Account, or as nobody."""
        return Client(
            self.base(secrets or {}),
            headers=self.headers(secrets) if secrets else None,
            answers=self.answers,
            name=self.name,
        )

    def new_secret(self) -> Secret:
        """With which hooks of a new link are to be signed; none, where we do not say it."""
        return Secret()

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

    def account_in(self, email: str) -> str:
        """The uid of the account to which the partner gave this mail address, where the address
        itself says so, as those do that keep a person's own private. Pure."""
        return ""

    def identify(self, token: Mapping[str, Any], client: Client) -> Account:
        """Whom a fresh OAuth token speaks for. ``client`` already carries the access token; where
        the partner installs into a workspace, ``Account.workspace`` keeps the workspace's token."""
        raise NotImplementedError

    def introduced(self, typed: Mapping[str, Any], client: Client) -> Account:
        """Whom the cleaned data of ``credentials`` speak for. ``client`` carries them already; a
        call that fails says that they are wrong. ``Account.secrets`` keeps what is needed."""
        raise NotImplementedError

    def revoke(self, secrets: Mapping[str, Any], client: Client, *, client_id: str) -> None:
        """Ends what these ``secrets`` of an Account allow. ``client`` proves who this server is,
        not who the person is. Nothing to do where the partner has no way for it."""

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
    #: Where a person finds the secret that the partner signs with, as a sentence, where the partner
    #: makes it itself. Empty: it takes one of ours.
    their_secret: str = ""
    #: What the partner must hear instead of what most do, such as where it gives up after a 401.
    refusals: ClassVar[Mapping[Reason, int]] = {}
    #: Which rules make sense for its links; see ``asks.py``.
    asks: Asks = Asks()
    #: The largest body this partner sends, in bytes; None means the server's setting.
    body_limit: int | None = None
    #: Whether the partner sends again what is answered with 429. From one that does not, whatever
    #: comes is taken, however much it is.
    retries: bool = False
    #: The header that names a delivery; without one, equal bodies are one delivery.
    delivery_header: str = ""
    #: The header that names the event.
    event_header: str = ""

    def new_secret(self) -> Secret:
        return Secret() if self.their_secret else self.signature.new_secret()

    @property
    def largest_body(self) -> int:
        """In bytes."""
        return self.body_limit or settings.HOOK_BODY_LIMIT

    def challenge(self, hook: Hook) -> Response | None:
        """The answer to a handshake, which is not stored; None for everything else."""
        return None

    def delivery_key(self, hook: Hook) -> str:
        """Names this delivery: a partner that sends it again sends the same key."""
        given = hook.header(self.delivery_header) if self.delivery_header else ""
        return given or fingerprint(hook.body)

    def stored_key(self, hook: Hook) -> str:
        """``delivery_key`` as a row can hold it, whether a hook brings it or an import."""
        return shortened(clean(self.delivery_key(hook)), LONGEST_KEY) or fingerprint(hook.body)

    def event(self, hook: Hook) -> str:
        """The partner's word for what happened, such as ``pull_request.closed``. Asked when the
        hook is processed; until then the header alone is shown."""
        return hook.header(self.event_header)[:80] if self.event_header else ""

    def topic(self, hook: Hook) -> str:
        """Which of ``asks.topics`` it is about, which links may leave out."""
        return hook.header(self.event_header) if self.event_header else ""

    def check_readable(self, hook: Hook) -> None:
        """Raises Unreadable for a body that can never be understood."""
        hook.skim()

    def accepted(self, hook: Hook) -> Response:
        """What the partner wants to hear once a hook is stored."""
        return EMPTY

    def refused(self, reason: Reason) -> Response:
        """What makes the partner's own pages show that, and why, we did not take a hook. The same
        for an address that nobody has as for a wrong signature."""
        why = "wrong address or signature" if reason in NOT_GENUINE else reason.value
        sentence = f"Refused ({why}). Nothing was stored."
        later = (("retry-after", "5"),) if reason in PASSING else ()
        status = {**REFUSED, **self.refusals}.get(reason, 401)
        return Response(status, sentence.encode(), headers=later)

    def read(self, hook: Hook, link: Link) -> Iterator[Event]:
        """What a stored hook says, after the rules that hold for every integration."""
        rules, topic = self.rules(link), self.topic(hook)
        events = list(self.hook(hook, link))
        for event in events:
            yield from rules.applied(event, topic)
        if not events:
            yield Ignored(Reason.UNSUPPORTED, "This kind of event never makes an entry.")

    def hook(self, hook: Hook, link: Link) -> Iterable[Event]:
        """What happened, as values. Pure: no database, no network, no clock."""
        raise NotImplementedError


class Registers(Receives):
    """Makes and removes its webhooks at the partner: one per subject, however many links."""

    #: What a webhook must send, in the partner's words; empty where there is nothing to choose.
    hook_events: frozenset[str] = frozenset()

    def create_hook(
        self, client: Client, subject: str, *, url: str, secret: Secret, remote_id: str = ""
    ) -> str:
        """Makes the webhook, or puts the one with this id or this address right, the secret too;
        returns the partner's id."""
        raise NotImplementedError

    def standing_hook(
        self, client: Client, subject: str, *, url: str, remote_id: str
    ) -> StandingHook | None:
        """The webhook with this id, else the one with this address, as it stands at the partner;
        None where there is none. Raises Failed where that cannot be known."""
        raise NotImplementedError

    def destroy_hook(self, client: Client, subject: str, *, url: str, remote_id: str) -> None:
        """Removes it. Already gone is a success."""
        raise NotImplementedError

    def hooks_page(self, subject: str) -> str:
        """Where a person sees the webhooks of this subject at the partner, to remove one by hand;
        empty where there is no such address."""
        return ""


class Backfills(Receives):
    """Can list what happened before a link was made."""

    def past(
        self, client: Client, link: Link, *, since: datetime, cursor: Mapping[str, Any]
    ) -> PastPage:
        """One page of what happened since then, in any order. The first page is asked for with an
        empty cursor, each other one with that of the page before; the same page may be asked for
        twice. Its hooks must read as those that the partner sends, so that they have the same keys,
        and they must say when things happened.

        A few calls a page, please: between two pages a job can be stopped. Raises Again, with
        ``after`` where the partner says when it can be asked again, or Never."""
        raise NotImplementedError


class Redelivers(Registers):
    """Does not send again by itself what did not arrive, but keeps it, and sends it when asked."""

    def failed_deliveries(
        self, client: Client, subject: str, *, remote_id: str, since: datetime
    ) -> Sequence[FailedDelivery]:
        """What no try since then has brought here, oldest first."""
        raise NotImplementedError

    def redeliver(
        self, client: Client, subject: str, *, remote_id: str, delivery: FailedDelivery
    ) -> None:
        """Has it sent once more."""
        raise NotImplementedError


class ReceivesForAll(Receives):
    """Takes hooks on one address for the whole server, signed with the application's secret
    (the setting ``<TYPE>_SIGNING_SECRET``); the verified body says whom they are for."""

    def addressee(self, hook: Hook) -> Address:
        """The workspace and the place that the hook speaks of. Pure."""
        raise NotImplementedError


class Replies(ReceivesForAll):
    """Answers a person in the same breath, once what they typed is stored. They speak for
    themselves, so there is nothing to leave out or to suggest."""

    asks = NOTHING

    #: Where the partner takes notes, besides its own ``addresses``: hosts.
    note_hosts: tuple[str, ...] = ()

    def takes_note_at(self, url: str) -> bool:
        """Whether this is an address of the partner's: a hook may name any."""
        try:
            parts = urlsplit(url)
        except ValueError:
            return False
        own = {urlsplit(self.address(name))[:2] for name in self.addresses}
        return parts[:2] in own | {("https", host) for host in self.note_hosts}

    def reply(self, hook: Hook, directory: Directory) -> Response:
        raise NotImplementedError

    def note(self, hook: Hook, ended: Ended, directory: Directory) -> Note | None:
        """What to tell the person after the hook was processed, where the reply came too early to
        know. Sent once; that it gets lost with a dying process is accepted."""
        return None
