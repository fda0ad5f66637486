from __future__ import annotations

from datetime import date, datetime
from typing import ClassVar

from django.conf import settings
from django.urls import reverse
from pydantic import BaseModel, Field

from idonethis.accounts.tokens import Scope
from idonethis.assistants.asking import Asking
from idonethis.assistants.telling import EntryTold, Told, entry_told
from idonethis.assistants.tool import Answer, Inquires, Looks
from idonethis.assistants.tools.said import Said
from idonethis.entries.models import Source
from idonethis.integrations.captures import Captured, Captures, tally
from idonethis.integrations.models.trying import leaving_nothing


class PreviewTold(Told):
    entry: EntryTold = Field(description="Its id and its page lead nowhere: it was not logged")
    mentions: list[str] = Field(description="Ids of the members who would be told of it")


class Preview(Said, Looks):
    """Shows which entry a text would become, without logging it: its status, day and tags, and who
    would be told."""

    name: ClassVar[str] = "preview"
    title: ClassVar[str] = "What a text would become"
    scopes: ClassVar[tuple[Scope, ...]] = (Scope.READ, Scope.DRAFT)
    gives: ClassVar[type[BaseModel]] = PreviewTold

    def answer(self, asking: Asking) -> Answer:
        team, draft = asking.writable(self.team), self.draft(asking.user)
        with leaving_nothing():
            told = Source.objects.tell_on_day(
                draft, team=team, user=asking.user, origin=asking.origin
            )
            assert told.entry  # noqa: S101  without a key there is always a new one
            named = list(told.entry.mentioned.values_list("hash_id", flat=True))
            shown = PreviewTold(entry=entry_told(told.entry), mentions=named)
        return Answer(shown)


class WouldBeWords(BaseModel):
    text: str
    person: str
    trouble: str


class WouldBeTold(BaseModel):
    status: str
    day: date | None
    untrusted: WouldBeWords


class CaptureTold(BaseModel):
    received_at: datetime
    effect: str = Field(description="add, drop, change or stay; empty: not in the log at all")
    reason: str
    page: str
    entries: list[WouldBeTold]


class LinkPreviewTold(Told):
    sentence: str
    captures: list[CaptureTold]


class PreviewLink(Inquires):
    """Shows what the rules of a link make of the last that came in by it, and what in the log would
    change if all of that were read again. Nothing is stored."""

    name: ClassVar[str] = "preview_link"
    title: ClassVar[str] = "What the rules of a link make of what comes in"
    gives: ClassVar[type[BaseModel]] = LinkPreviewTold

    link: str = Field(max_length=40, description="Its id, from connections")

    def answer(self, asking: Asking) -> Answer:
        link = asking.link(self.link)
        found = Captures(link, link.config, asking.user).read(tried=True)
        shown = [_told(each) for each in found]
        return Answer(LinkPreviewTold(sentence=tally(found), captures=shown))


def _told(captured: Captured) -> CaptureTold:
    """What is a secret of somebody else stays one."""
    receipt = captured.receipt
    entries = () if captured.is_secret else captured.entries
    return CaptureTold(
        received_at=receipt.received_at,
        effect=captured.effect.word if captured.effect else "",
        reason=captured.fate.reason.value,
        page=settings.BASE_URL + reverse("receipt", args=[receipt.pk]),
        entries=[
            WouldBeTold(
                status=each.kind,
                day=each.day,
                untrusted=WouldBeWords(
                    text=each.body, person=str(each.person or ""), trouble=each.trouble
                ),
            )
            for each in entries
        ],
    )
