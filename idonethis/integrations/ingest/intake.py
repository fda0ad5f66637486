"""What to do with one hook, decided without waiting for anything: refuse it, answer its handshake,
keep the secret that it hands over, ask its partner, or store it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import NamedTuple

import orjson

from idonethis.entries.text import clean
from idonethis.ids import hook_token
from idonethis.integrations import publishing
from idonethis.integrations.base import Receives, ShakesHands, Wakes
from idonethis.integrations.ingest.limits import LIMITS
from idonethis.integrations.ingest.routes import Route
from idonethis.integrations.ingest.tally import REFUSED
from idonethis.integrations.models import IntegrationLink
from idonethis.integrations.models.signed import Signed
from idonethis.integrations.reads import DUE
from idonethis.integrations.signatures import Refused, TooOld, UnknownKey
from idonethis.integrations.values import Hook, Reason, Response, Secret, Unreadable
from idonethis.metrics import HOOKS

#: Not stored with the rest: they are worth stealing, or say nothing.
UNSTORED = frozenset(
    ("authorization", "proxy-authorization", "cookie", "connection", "content-length", "host")
)
#: In characters: more than any partner hands over.
LONGEST_SECRET = 500
#: Where an address leads that nobody has: to a secret that nobody has, so that a hook to it is
#: refused like a forged one, in the same words and after as much work.
NOBODYS = Route((), (Secret(hook_token()),), Reason.UNKNOWN_ENDPOINT)


class Row(NamedTuple):
    """One receipt to be, not yet compressed."""

    integration_type: str
    link_id: int
    delivery_key: str
    event: str
    hook: Hook
    headers: dict[str, str]
    state: str = DUE


class Handshake(NamedTuple):
    """A secret that a partner hands over. Who waits for it must keep it before that is answered."""

    secret: Secret
    waiting: Signed
    route: Route


class Nudge(NamedTuple):
    """The partner says that it is worth asking, for these links."""

    link_ids: tuple[int, ...]


class Doubtful(NamedTuple):
    """Refused or passed over by what is known of its link; what another process has just changed
    may say otherwise. ``conclude`` answers it so all the same."""

    conclude: Callable[[], Response]


def examine(
    integration: Receives, hook: Hook, route: Route | None
) -> Response | Doubtful | Handshake | Nudge | list[Row]:
    """The answer where nothing is to be kept, else what is. Fails closed: without a secret nothing
    is genuine."""
    route = route or NOBODYS
    try:
        integration.signature.knowing(route.keys).check(hook, route.secrets)
        integration.check_readable(hook)
        answer = integration.challenge(hook)
    except TooOld:
        return refuse(integration, Reason.TOO_OLD, route)
    except Refused as problem:
        greeted = _greeted(integration, hook) or _handed_over(integration, hook, route)
        return greeted or Doubtful(partial(_refuse_forged, integration, route, problem))
    except Unreadable:
        return refuse(integration, Reason.UNREADABLE, route)
    if answer is not None:
        count(integration, "answered")
        return answer
    if integration.retries and not LIMITS.admits((integration.integration_type, route.link_ids)):
        return refuse(integration, Reason.TOO_FAST, route)
    if not route.link_ids:
        return refuse(integration, route.unserved, route)
    if isinstance(integration, Wakes):
        return Nudge(_concerned(integration.concerns(hook), route))
    return _rows(integration, hook, route) or Doubtful(partial(_passed_over, integration, hook))


def surely(
    integration: Receives, hook: Hook, route: Route | None
) -> Response | Handshake | Nudge | list[Row]:
    """The same, by a route that has just been looked up."""
    found = examine(integration, hook, route)
    return found.conclude() if isinstance(found, Doubtful) else found


def _greeted(integration: Receives, hook: Hook) -> Response | None:
    try:
        answer = integration.greeting(hook)
    except Unreadable:
        return None
    if answer is not None:
        count(integration, "answered")
    return answer


def _handed_over(integration: Receives, hook: Hook, route: Route) -> Handshake | None:
    """Only where somebody waits for it: to everybody else this is an unsigned hook."""
    if route.waiting is None or not isinstance(integration, ShakesHands):
        return None
    try:
        secret = integration.handed_over(hook)
    except Unreadable:
        return None
    fits = integration.signature.fits(secret) and len(secret) <= LONGEST_SECRET
    return Handshake(secret, route.waiting, route) if fits else None


def _refuse_forged(integration: Receives, route: Route, problem: Refused) -> Response:
    """Or what only looks so, since its partner has begun to sign with a new key."""
    if isinstance(problem, UnknownKey) and route is not NOBODYS:
        publishing.want(integration)
    return _refuse_unknown(integration, route)


def _refuse_unknown(integration: Receives, route: Route) -> Response:
    unknown = Reason.UNKNOWN_ENDPOINT if route is NOBODYS else Reason.BAD_SIGNATURE
    return refuse(integration, unknown, route)


def shake(integration: Receives, hook: Hook, handshake: Handshake) -> Response:
    """Of two who come at once, one is taken; the other is refused as if nobody had waited."""
    taken = handshake.waiting.take_handshake(handshake.secret)
    if not taken or not isinstance(integration, ShakesHands):
        return _refuse_unknown(integration, handshake.route)
    count(integration, "answered")
    return integration.shaken(hook)


def settle(integration: Receives, hook: Hook, found: Handshake | Nudge) -> Response:
    """Waits for the database: it is answered when it is kept."""
    if isinstance(found, Handshake):
        return shake(integration, hook, found)
    IntegrationLink.objects.filter(pk__in=found.link_ids).ask_soon()
    count(integration, "answered")
    return integration.accepted(hook)


def refuse(integration: Receives, reason: Reason, route: Route | None) -> Response:
    """What the partner hears; that it happened is counted, for the links whose it would be."""
    count(integration, reason)
    if reason is not Reason.NOT_YET:
        link_ids = (route.known_ids if route else ()) or (0,)
        REFUSED.note(integration.integration_type, link_ids, reason)
    return integration.refused(reason)


def count(integration: Receives, result: str) -> None:
    """What became of a hook: ``stored``, ``answered``, ``later``, ``slow``, ``fault`` or a
    reason."""
    HOOKS.labels(integration.integration_type, result).inc()


def _passed_over(integration: Receives, hook: Hook) -> Response:
    """It is about nothing that is linked."""
    count(integration, "answered")
    return integration.accepted(hook)


def _rows(integration: Receives, hook: Hook, route: Route) -> list[Row]:
    key, event = integration.stored_key(hook), clean(hook.header(integration.event_header))[:80]
    kind, headers = integration.integration_type, kept(hook, route)
    if any(secret in hook.query for secret in route.secrets):
        hook = replace(hook, query="")
    state = integration.stored_as(hook)
    hook = integration.signature.without_secret(hook)
    concerned = _concerned(integration.concerns(hook), route)
    return [Row(kind, link_id, key, event, hook, headers, state) for link_id in concerned]


def _concerned(about: frozenset[str], route: Route) -> tuple[int, ...]:
    if not about or not route.subjects:
        return route.link_ids
    pairs = zip(route.link_ids, route.subjects, strict=True)
    return tuple(link_id for link_id, subject in pairs if subject in about)


def kept(hook: Hook, route: Route) -> dict[str, str]:
    """The headers that are stored: none in which a sender shows the secret itself."""
    headers = {name: value for name, value in hook.headers.items() if name not in UNSTORED}
    together = "\n".join(headers.values())
    for secret in route.secrets:
        if secret in together:
            headers = {name: value for name, value in headers.items() if secret not in value}
    return headers


def answer_to_a_try(integration: Receives, hook: Hook) -> Response:
    """The same at an address that nobody has: who guesses learns nothing."""
    if hook.method == "HEAD":
        return Response()
    try:
        return integration.challenge(hook) or _says_nothing(integration)
    except Unreadable:
        return _says_nothing(integration)


def _says_nothing(integration: Receives) -> Response:
    """For HEAD and GET, with which some partners try an address before they use it."""
    allow = (("allow", "POST, HEAD"),)
    return Response(405, f"Send {integration.name} hooks here by POST.".encode(), headers=allow)


def packed(row: Row) -> bytes:
    """The request as it is stored, before compression: see Receipt.request."""
    about = {"method": row.hook.method, "query": row.hook.query, "headers": row.headers}
    return orjson.dumps(about) + b"\n" + row.hook.body
