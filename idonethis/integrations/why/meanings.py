"""Nothing was received: what that can mean."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.urls import reverse

from idonethis.integrations import registry
from idonethis.integrations.base import Integration, Reads
from idonethis.integrations.models import IntegrationLink
from idonethis.integrations.models.inquiring import can_inquire
from idonethis.integrations.moments import moment
from idonethis.integrations.refused import refused
from idonethis.integrations.sight import Sight
from idonethis.integrations.why.question import Question

#: Of so many links it is told how they are.
MOST = 10
#: For so long refused hooks may be the reason.
LATELY = timedelta(days=7)


@dataclass(frozen=True)
class Meaning:
    sentence: str
    path: str = ""
    label: str = ""

    def facts(self) -> dict[str, Any]:
        url = settings.BASE_URL + self.path if self.path else None
        return {"sentence": self.sentence, "url": url}


def meanings(question: Question, sight: Sight) -> list[Meaning]:
    there = _at(question.host)
    links = [link for link in sight.links if isinstance(link.integration, Reads)]
    if question.host and there:
        links = [link for link in links if link.integration is there]
        about = [link for link in links if _is_about(link, question)]
        if not about:
            return [_unlinked(there, links, question)]
        links = about
    standing = [link for link in links if not link.is_gone or question.host]
    return list(_of_links(standing[:MOST])) or [_nothing_linked()]


def askable(question: Question, sight: Sight) -> tuple[IntegrationLink, ...]:
    """Those about this very place that the reader looks after, and whose partner can be asked
    whether it tried; one of each webhook."""
    found = [link for link in _covering(question, sight.opened) if can_inquire(link)]
    return tuple({link.registered_hook_id: link for link in found}.values())


def _covering(question: Question, links: Iterable[IntegrationLink]) -> list[IntegrationLink]:
    there, place = _at(question.host), question.place.lower()
    if there:
        return [link for link in links if link.integration is there and _is_about(link, question)]
    return [link for link in links if place == link.subject.lower()]


def _at(host: str) -> Integration | None:
    """The integration whose pages have such addresses."""
    known = registry.every()
    pages = ((each, each.address("web").partition("//")[2].lower()) for each in known)
    return next((each for each, page in pages if host and host == page), None)


def _is_about(link: IntegrationLink, question: Question) -> bool:
    """A link without a subject may be about anything."""
    subject = link.subject.lower()
    return f"/{subject}/" in f"{question.path.lower()}/" if subject else True


def _unlinked(
    integration: Integration, links: list[IntegrationLink], question: Question
) -> Meaning:
    others = ", ".join(sorted({link.short_name for link in links}))
    linked = f"Linked are: {others}." if others else "Nothing there is linked."
    sentence = f"No link is about this place at {integration.name}. {linked}"
    path = reverse("new_link", args=[integration.integration_type])
    return Meaning(sentence, path, f"Link {integration.name}")


def _nothing_linked() -> Meaning:
    sentence = "Nothing is linked from which anything could come in."
    return Meaning(sentence, reverse("catalogue"), "See what can be linked")


def _of_links(links: list[IntegrationLink]) -> Iterator[Meaning]:
    for each in refused(links, within=LATELY):
        path = each.link.get_absolute_url() if each.link else ""
        yield Meaning(f"{each.called}: {each.sentence} {each.advice}", path, f"Open {each.called}")
    for link in links:
        yield Meaning(f"{link.short_name}: {_state(link)}", _page(link), f"Open {link.short_name}")


def _page(link: IntegrationLink) -> str:
    return "" if link.is_gone else link.get_absolute_url()


def _state(link: IntegrationLink) -> str:
    partner, last = link.integration.name, link.last_received_at
    if link.is_gone:
        return f"the link was removed {moment(link.updated_at, form='H:i')}, and takes no hooks."
    if last is None:
        return (
            f"nothing has ever come from {partner}. Is the webhook there, with the address and the "
            "secret of the link?"
        )
    heard = f"the last hook came {moment(last)}."
    if link.is_paused:
        return f"it is paused. {heard} What comes is kept, but makes no entry."
    if link.is_in_trouble:
        return f"{link.trouble} {heard}"
    return (
        f"{heard} If that was later than what is missing, {partner} may not have been told to send "
        "this kind of event, or could not deliver it: its page of the webhook says so."
    )
