"""Integrations to which a partner sends: what is taken, and what the partner hears."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, ClassVar, Protocol
from urllib.parse import urlsplit

from django.conf import settings

from idonethis.integrations.asks import NOTHING
from idonethis.integrations.http import Client
from idonethis.integrations.reads import Reads
from idonethis.integrations.signatures import Signature
from idonethis.integrations.terms import Directory, Ended, Link, Note
from idonethis.integrations.values import (
    EMPTY,
    Address,
    FailedDelivery,
    Hook,
    MadeHook,
    PastPage,
    Reason,
    Response,
    Secret,
    StandingHook,
)

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


class Receives(Reads):
    """Takes hooks on an address per link, signed with the link's own secret."""

    signature: Signature
    #: Where a person finds the secret that the partner signs with, as a sentence, where the partner
    #: makes it itself. Empty: it takes one of ours.
    their_secret: str = ""
    #: What the partner must hear instead of what most do, such as where it gives up after a 401.
    refusals: ClassVar[Mapping[Reason, int]] = {}
    #: The largest body this partner sends, in bytes; None means the server's setting.
    body_limit: int | None = None
    #: Whether the partner sends again what is answered with 429. From one that does not, whatever
    #: comes is taken, however much it is.
    retries: bool = False

    def new_secret(self) -> Secret:
        return Secret() if self.their_secret else self.signature.new_secret()

    @property
    def largest_body(self) -> int:
        """In bytes."""
        return self.body_limit or settings.HOOK_BODY_LIMIT

    def concerns(self, hook: Hook) -> frozenset[str]:
        """Of the subjects that share one webhook, those that this is about; empty for all. What is
        about none of those that are linked is acknowledged and not stored. Pure."""
        return frozenset()

    def challenge(self, hook: Hook) -> Response | None:
        """The answer to a handshake, which is not stored; None for everything else."""
        return None

    def greeting(self, hook: Hook) -> Response | None:
        """The answer to an unsigned hook by which the partner tries an address before it uses it;
        None for everything else. The same at every address, so that nobody learns which there are.
        Nothing is stored."""
        return None

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
        status = self.refusals.get(reason) or REFUSED.get(reason, 401)
        return Response(status, sentence.encode(), headers=later)


class Registrar(Protocol):
    """Makes, shows and removes webhooks, as ``Registers`` says; a module with these three does."""

    def create_hook(
        self, client: Client, subject: str, /, *, url: str, secret: Secret, remote_id: str
    ) -> str | MadeHook: ...

    def standing_hook(
        self, client: Client, subject: str, /, *, url: str, remote_id: str
    ) -> StandingHook | None: ...

    def destroy_hook(
        self, client: Client, subject: str, /, *, url: str, remote_id: str
    ) -> None: ...


class Registers(Receives):
    """Makes and removes its webhooks at the partner: one per subject, however many links."""

    #: Who does that, where the three below are not written by the integration itself. It is told
    #: the subject as it is ``named`` there.
    registrar: Registrar
    #: What a webhook must send, in the partner's words; empty where there is nothing to choose.
    hook_events: frozenset[str] = frozenset()

    def hook_subject(self, config: Mapping[str, Any], uid: str) -> str:
        """What the webhook of a link with this config is about: its subject, or what several of
        them share, such as the account itself, by its ``uid``. Empty: it needs none."""
        return self.subject(config)

    def hook_secret(self) -> Secret:
        """With which a webhook that we make is to be signed; none, where the partner says it."""
        return self.new_secret()

    def named(self, client: Client, subject: str) -> str:
        """What the partner that this client calls calls the subject. Raises Never, where it is none
        of its own."""
        return subject

    def create_hook(
        self, client: Client, subject: str, *, url: str, secret: Secret, remote_id: str = ""
    ) -> str | MadeHook:
        """Makes the webhook, or puts the one with this id or this address right, the secret too,
        which is in the address already where it is shown there (``InAddress``); returns the
        partner's id, together with the secret where the partner makes that. One that
        ``ShakesHands`` is asked only where no webhook stands, and hands it over meanwhile; one that
        ``Renews`` makes another each time."""
        name = self.named(client, subject)
        return self.registrar.create_hook(client, name, url=url, secret=secret, remote_id=remote_id)

    def standing_hook(
        self, client: Client, subject: str, *, url: str, remote_id: str
    ) -> StandingHook | None:
        """The webhook with this id, else the one with this address, as it stands at the partner;
        None where there is none. Raises Failed where that cannot be known."""
        name = self.named(client, subject)
        return self.registrar.standing_hook(client, name, url=url, remote_id=remote_id)

    def destroy_hook(self, client: Client, subject: str, *, url: str, remote_id: str) -> None:
        """Removes it. Already gone is a success."""
        name = self.named(client, subject)
        self.registrar.destroy_hook(client, name, url=url, remote_id=remote_id)

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

    #: For how long it keeps that.
    keeps: timedelta = timedelta(days=3)

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


class SignsForAll(Receives):
    """Each link has an address of its own, but all hooks are signed with the application's secret
    (the setting ``<TYPE>_SIGNING_SECRET``)."""

    def new_secret(self) -> Secret:
        return Secret()


class SignsAsTold(Registers):
    """Webhooks that we make are signed with a secret of ours; those that a person makes by hand,
    with the partner's own (``their_secret``)."""

    def hook_secret(self) -> Secret:
        return self.signature.new_secret()


class SignsAsClient(Registers):
    """Webhooks that we make are signed with the secret by which the partner knows this server (the
    setting ``<TYPE>_CLIENT_SECRET``); those that a person makes by hand, with the link's own."""


class ReceivesForAll(Receives):
    """Takes hooks on one address for the whole server, signed with the application's secret
    (the setting ``<TYPE>_SIGNING_SECRET``); the verified body says whom they are for."""

    def addressee(self, hook: Hook) -> Address:
        """The workspace and the place that the hook speaks of. Pure."""
        raise NotImplementedError


class Replies(Receives):
    """Answers a person in the same breath, once what they typed is stored. They speak for
    themselves, so there is nothing to leave out or to suggest."""

    asks = NOTHING

    def reply(self, hook: Hook, directory: Directory) -> Response:
        raise NotImplementedError


class FollowsUp(Replies):
    """And once more when it was processed, at an address that the hook names."""

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

    def note(self, hook: Hook, ended: Ended, directory: Directory) -> Note | None:
        """What to tell the person after the hook was processed, where the reply came too early to
        know. Sent once; that it gets lost with a dying process is accepted."""
        return None
