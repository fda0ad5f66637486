"""Integrations that read what a partner says, whether it is sent or asked for."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import timedelta
from typing import Any

from idonethis.entries.text import clean
from idonethis.ids import shortened
from idonethis.integrations.asks import Asks
from idonethis.integrations.http import Client
from idonethis.integrations.kinds import Integration
from idonethis.integrations.signatures import fingerprint
from idonethis.integrations.terms import Directory, Event, Link
from idonethis.integrations.values import Hook, Ignored, Polled, Reason

#: Of a delivery's name in a row, in characters.
LONGEST_KEY = 200
#: Nobody is asked more often than this, whatever they say.
SOONEST = timedelta(seconds=10)
#: States in which hooks are stored: to be read, and to be asked about before.
DUE, BARE = "due", "bare"
#: The state of what was read, and whose request is no longer kept.
EMPTIED = "emptied"


class Reads(Integration):
    """Reads what a partner says of what happened there, however that comes here."""

    #: Which rules make sense for its links; see ``asks.py``.
    asks: Asks = Asks()
    #: The header that names a delivery; without one, equal bodies are one delivery.
    delivery_header: str = ""
    #: The header that names the event.
    event_header: str = ""

    def delivery_key(self, hook: Hook) -> str:
        """Names this delivery: a partner that sends it again sends the same key."""
        given = hook.header(self.delivery_header) if self.delivery_header else ""
        return given or fingerprint(hook.body)

    def stored_key(self, hook: Hook) -> str:
        """``delivery_key`` as a row can hold it, however it came here."""
        return shortened(clean(self.delivery_key(hook)), LONGEST_KEY) or fingerprint(hook.body)

    def stored_as(self, hook: Hook) -> str:
        """In which state it waits at first. Pure."""
        return DUE

    def event(self, hook: Hook) -> str:
        """The partner's word for what happened, such as ``pull_request.closed``. Asked when the
        hook is processed; until then the header alone is shown."""
        return hook.header(self.event_header)[:80] if self.event_header else ""

    def topic(self, hook: Hook) -> str:
        """Which of ``asks.topics`` it is about, which links may leave out."""
        return hook.header(self.event_header) if self.event_header else ""

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


class Polls(Reads):
    """Is asked now and then what has happened, since it tells nobody by itself."""

    #: How often, at most, and never more often than ``SOONEST``; partners are asked less often
    #: while they are in trouble.
    every: timedelta = timedelta(minutes=15)

    def poll(self, client: Client, link: Link, cursor: Mapping[str, Any]) -> Polled:
        """What there is, old or new: what is known already makes nothing twice. ``cursor`` is what
        the poll before returned, empty at first. Raises Again, with ``after`` where the partner
        says when it may be asked again, or Never."""
        raise NotImplementedError


class Converses(Polls):
    """And answers people where they said something, once that is stored."""

    def answer(self, hook: Hook, directory: Directory, link: Link, client: Client) -> None:
        """Answers whoever said this, if it takes an answer. The same may be asked for twice, so the
        partner must be told in a way that counts once. Raises Again, and then all that was polled
        is asked for once more; what fails for good is not answered, and logged all the same."""
        raise NotImplementedError
