"""The one way in for mails, by whichever door they come: stored first, understood later."""

from __future__ import annotations

from collections.abc import Iterable
from email.message import EmailMessage

from allauth.account.models import EmailAddress

from idonethis.background import INBOX
from idonethis.integrations.ingest.intake import Row
from idonethis.integrations.ingest.writer import store
from idonethis.integrations.mails.addresses import is_plain, ours
from idonethis.integrations.mails.automatic import written_by
from idonethis.integrations.mails.reading import LARGEST, parsed, sender
from idonethis.integrations.mails.takes import TakesMail, as_hook
from idonethis.integrations.models import IntegrationLink
from idonethis.mailing.models import Answer
from idonethis.teams.models import Membership


class NotTaken(Exception):
    """Nothing is stored, and will not be the next time either. The message is for who sent it."""


def links_for(addresses: Iterable[str]) -> list[IntegrationLink]:
    """Those that one of these addresses names."""
    named = [address.link for address in ours(addresses)]
    return list(IntegrationLink.objects.at_addresses().filter(hash_id__in=named)) if named else []


def takes(address: str) -> bool:
    return is_plain(address) or bool(links_for([address]))


def take(raw: bytes, addresses: Iterable[str]) -> None:
    """Durable when it returns. Raises NotTaken; what a database raises passes on, and then the
    same may be tried again later."""
    if len(raw) > LARGEST:
        raise NotTaken(f"A mail may have {LARGEST // 1024 // 1024} MB here.")
    message, named = parsed(raw), list(addresses)
    links = links_for(named) or _only_link_of(message, named)
    if not links:
        raise NotTaken("Nobody here takes mail at this address from you.")
    store([_row(raw, link, _named(named, link)) for link in links])
    INBOX.wake()
    if links_for(named):
        _answer_stranger(message, links)


def _row(raw: bytes, link: IntegrationLink, address: str) -> Row:
    hook, integration = as_hook(raw, address), link.integration
    key = integration.stored_key(hook) if isinstance(integration, TakesMail) else ""
    return Row(link.integration_type, link.pk, key, "mail", hook, dict(hook.headers))


def _named(addresses: list[str], link: IntegrationLink) -> str:
    theirs = (each for each in addresses if any(a.link == link.hash_id for a in ours([each])))
    return next(theirs, "")


def _only_link_of(message: EmailMessage, addresses: list[str]) -> list[IntegrationLink]:
    """The address of the server names no team: that of the sender, where they write in one only."""
    if not any(map(is_plain, addresses)):
        return []
    people = EmailAddress.objects.filter(email=sender(message), verified=True)
    writing = Membership.objects.writing().filter(user__in=people.values("user"))
    links = IntegrationLink.objects.at_addresses().filter(team__in=writing.values("team"))
    return list(links) if links.count() == 1 else []


def _answer_stranger(message: EmailMessage, links: list[IntegrationLink]) -> None:
    """Who knows an address of ours, and is not known by their own, is told so; once a day, and
    never a program. Who does not know one is told nothing: the sender may be forged."""
    address = sender(message)
    teams = [link.team_id for link in links]
    known = EmailAddress.objects.filter(
        email=address, verified=True, user__memberships__team__in=teams
    )
    if not written_by(message) and not known.exists():
        Answer.objects.give(address, message)
