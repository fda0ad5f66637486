"""Where rows may speak of that which somebody looks for."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import reduce
from operator import or_
from urllib.parse import urlsplit

from django.conf import settings
from django.db.models import Q, QuerySet

from idonethis.entries.models import Entry, Source
from idonethis.entries.search import Asked, Within
from idonethis.integrations.activity import with_entries
from idonethis.integrations.lines import Came, Line, Went
from idonethis.integrations.models import Delivery, Receipt, UnclaimedPerson
from idonethis.integrations.sight import Sight
from idonethis.integrations.why.question import Question

#: How many rows of each sort are shown.
MOST = 20
OWN = re.compile(r"/(e|receipts|deliveries)/([0-9a-f]{1,20})")
HASH_ID = re.compile(r"[0-9a-f]{12}")


def own_page(question: Question) -> tuple[str, str]:
    """Of an address of ours: of what it is the page, and which one."""
    site = urlsplit(settings.BASE_URL)
    ours = question.host == site.netloc.lower() if question.host else True
    found = OWN.fullmatch(question.path or question.text.rstrip("/")) if ours else None
    return (found[1], found[2]) if found else ("", "")


def named_entry(question: Question, sight: Sight) -> Entry | None:
    kind, name = own_page(question)
    if not kind and HASH_ID.fullmatch(question.text):
        kind, name = "e", question.text
    return _entries(sight).filter(hash_id=name).first() if kind == "e" else None


def named_lines(question: Question, sight: Sight) -> list[Line]:
    """What an address of ours is the page of, or what the partner calls by this name."""
    kind, name = own_page(question)
    number = name if name.isdecimal() else "0"
    if kind == "deliveries":
        return [*went(Delivery.objects.filter(pk=number), sight)]
    if kind == "receipts":
        return came(Receipt.objects.filter(pk=number), sight)
    posts = Delivery.objects.filter(reference=question.text, link__in=sight.links)
    return [*came(_delivered(question, sight), sight), *went(posts, sight)]


def _delivered(question: Question, sight: Sight) -> Iterable[Receipt]:
    """By the name of the delivery, however long ago."""
    ids = {0, *(link.pk for link in sight.links)}
    types = {link.integration_type for link in sight.links}
    rows = Receipt.objects.filter(
        integration_type__in=types, link_id__in=ids, delivery_key=question.text
    )
    return rows.order_by("-pk")[:MOST]


def came(rows: Iterable[Receipt], sight: Sight) -> list[Line]:
    """Those of these receipts that are of a link in sight."""
    seen = ((row, sight.link_of(row)) for row in rows)
    return with_entries(Came(row, link) for row, link in seen if link)


def went(rows: Iterable[Delivery], sight: Sight) -> Iterator[Line]:
    by_id = sight.by_id
    return (Went(row, by_id[row.link_id]) for row in rows if row.link_id in by_id)


def entries(question: Question, sight: Sight) -> list[Entry]:
    """Those that say it, or that stand for it."""
    found = {*_saying(question, sight)}
    for stands_for_it in _sources(question, sight):
        rows = Source.objects.filter(stands_for_it, team__in=sight.teams).exclude(entry=None)
        found.update(rows.order_by("-pk").values_list("entry", flat=True)[:MOST])
    return list(_entries(sight).filter(pk__in=found).order_by("-pk")[:MOST])


def _saying(question: Question, sight: Sight) -> list[int]:
    """By the index of words, where it knows of some: parts of words are only found by looking
    through all that there is."""
    within = Within(tuple(team.pk for team in sight.teams))
    is_text = not question.host and not question.number
    asked = Asked.in_one(question.text if is_text else "")
    if said := list(Entry.objects.search(asked, within, most=MOST)):
        return [entry.pk for entry in said]
    shown = Entry.objects.filter(_shown(question), team__in=sight.teams)
    return list(shown.order_by("-pk").values_list("pk", flat=True)[:MOST])


def _shown(question: Question) -> Q:
    """What everybody in the team may read of an entry."""
    if question.host:
        return _at(question)
    if question.number:
        return Q(body__regex=f"#{question.number}([^0-9]|$)", deleted_at=None)
    return Q(body__icontains=question.text, deleted_at=None)


def _at(question: Question) -> Q:
    ends = (Q(url__iendswith=f"//{place}") for place in question.places)
    return reduce(or_, ends)


def _sources(question: Question, sight: Sight) -> Iterator[Q]:
    """What entries stand for: by what is shown of it, and by the partner's key, in which there may
    be what a link does not show to everybody, for who may read what was sent."""
    opened = Q(entry__origin__in=[link.hash_id for link in sight.opened])
    if question.host:
        yield _at(question)
    elif not question.number:
        yield Q(text__icontains=question.text, entry__deleted_at=None)
    if question.sha:
        yield Q(url__icontains=question.sha)
        yield opened & Q(key__contains=f":{question.sha}")
    if question.number and not question.host:
        yield opened & Q(key__endswith=f"#{question.number}")


def is_it(entry: Entry, question: Question) -> bool:
    """The very entry, by its own address or by that of the thing that it stands for."""
    named = question.text == entry.hash_id or own_page(question) == ("e", entry.hash_id)
    place = entry.url.partition("//")[2].rstrip("/").lower()
    return named or place in [each.lower() for each in question.places]


def _entries(sight: Sight) -> QuerySet[Entry]:
    found = Entry.objects.filter(team__in=sight.teams)
    return found.select_related("user", "team", "deleted_by")


def waiting(people: Iterable[UnclaimedPerson], sight: Sight) -> list[Line]:
    """What people did whom nobody knows."""
    rows = [
        row
        for person in people
        for row in Receipt.objects.waiting_for(
            [person.key], integration_type=person.integration_type
        ).order_by("-pk")[:MOST]
    ]
    return came(rows, sight)


def of_entries(found: Iterable[Entry], sight: Sight) -> list[Line]:
    """What they came of, and where they went."""
    shown = list(found)
    rows = [row for entry in shown for row in Receipt.objects.of_entry(entry.hash_id)[:MOST]]
    sent = Delivery.objects.filter(entry__in=shown).select_related("entry__user")
    return [*came(rows, sight), *went(sent.order_by("-pk")[:MOST], sight)]
