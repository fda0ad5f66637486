"""A team of which every text that people or partners wrote is a program; and two hundred of all
that pages list, each with another one."""

from __future__ import annotations

import json
from collections.abc import Iterator
from itertools import cycle

from allauth.account.models import EmailAddress
from django import forms
from django.db import models

from idonethis.accounts.models import User
from idonethis.entries.drafts import Detail, Draft, Growing, Origin
from idonethis.entries.models import Comment, Source
from idonethis.integrations import registry
from idonethis.integrations.ingest.intake import Row
from idonethis.integrations.ingest.writer import store
from idonethis.integrations.models import Delivery, IntegrationLink, Receipt, UnclaimedPerson
from idonethis.integrations.values import Hook, Reason
from idonethis.teams.models import Membership, Team
from tests.attacks.canaries import KEPT, OF_PEOPLE, Marked, marked, registered_at_all_partners
from tests.attacks.payloads import payloads

PAYLOADS = payloads()
#: As many receipts as the page of a link shows.
AT_ONCE = 30


def poisoned() -> Marked:
    """Its admin administers the server, too."""
    registered_at_all_partners()
    made = marked("poisoned")
    made.people["admin"].administer()
    replace(made)
    for part in (entries, talk, people, links, receipts):
        part(made)
    return made


def replace(made: Marked) -> None:
    """Whatever is marked becomes a program that fits; addresses are given by drafts, which clean
    them."""
    rest = cycle(PAYLOADS)
    for table, by in {**KEPT, **OF_PEOPLE, EmailAddress: "user__in"}.items():
        people = [person.pk for person in made.people.values()]
        wanted = {by: people if by.endswith("__in") else made.team.pk}
        for row in table._base_manager.filter(**wanted):
            changes = {each.name: in_place(rest, row, each) for each in texts(row, made.mark)}
            changes |= {"config": poisoned_config(row, rest)} if hasattr(row, "config") else {}
            changes |= {"exchange": within(row.exchange, rest)} if hasattr(row, "exchange") else {}
            if changes:
                table._base_manager.filter(pk=row.pk).update(**changes)


def texts(row: models.Model, mark: str) -> Iterator[models.Field]:
    for each in row._meta.concrete_fields:
        if each.name != "url" and mark in str(getattr(row, each.attname)):
            yield each


def in_place(rest: Iterator[str], row: models.Model, field: models.Field) -> object:
    if isinstance(field, models.JSONField):
        return within(getattr(row, field.attname), rest)
    return fitting(rest, field)


def fitting(rest: Iterator[str], field: models.Field) -> str:
    most = field.max_length or 2000
    return next(payload for payload in rest if len(payload) <= most and "\0" not in payload)


def poisoned_config(link: IntegrationLink, rest: Iterator[str]) -> dict[str, object]:
    """Names of channels, repositories and the like, as their forms keep them: an id and a name."""
    return {
        name: value if value and not isinstance(value, str) else f"C1|{next(rest)}"
        for name, value in link.config.items()
    }


def within(value: object, rest: Iterator[str]) -> object:
    """JSON in which every text is a program."""
    if isinstance(value, dict):
        return {name: within(each, rest) for name, each in value.items()}
    if isinstance(value, list):
        return [within(each, rest) for each in value]
    return next(p for p in rest if "\0" not in p) if isinstance(value, str) else value


def entries(made: Marked) -> None:
    """Bodies, addresses, labels of where they came from, and what was summed up in them."""
    admin = made.people["admin"]
    for number, payload in enumerate(PAYLOADS):
        draft = Draft(body=payload, url=payload, key=f"{number}", kind=("done", "goal")[number % 2])
        tell(made, draft, label=payload)
    details = tuple(Detail(f"d{n}", each, each) for n, each in enumerate(PAYLOADS))
    for size in range(0, len(details), 50):
        summed = Growing(body="{count} commits", key=f"s{size}", details=details[size : size + 50])
        Source.objects.tell(summed, team=made.team, user=admin, origin=Origin("app", "", "x"))


def tell(made: Marked, draft: Draft, *, label: str) -> None:
    origin = Origin("webhook", "", label[:120])
    Source.objects.tell(draft, team=made.team, user=made.people["admin"], origin=origin)


def talk(made: Marked) -> None:
    member = made.people["member"]
    Comment.objects.bulk_create(
        Comment(entry=made.entry, user=member, body=each) for each in PAYLOADS
    )


def people(made: Marked) -> None:
    """Colleagues, strangers, and other teams that the admin is in, which every page lists."""
    short = [each for each in PAYLOADS if len(each) <= 80 and "\0" not in each]
    colleagues = User.objects.bulk_create(
        User(email=f"{number}@example.org", name=name, nickname=name[:30])
        for number, name in enumerate(short)
    )
    teams = Team.objects.bulk_create(
        Team(name=name, slug=f"other-{number}") for number, name in enumerate(short[::4])
    )
    admin = made.people["admin"]
    Membership.objects.bulk_create(
        [Membership(team=made.team, user=user) for user in colleagues]
        + [Membership(team=team, user=admin) for team in teams]
    )
    UnclaimedPerson.objects.bulk_create(
        UnclaimedPerson(
            team=made.team,
            integration_type="github",
            key=f"{number}",
            login=each,
            name=each,
            email=each,
            ignored=number % 2 == 0,
        )
        for number, each in enumerate(short)
    )


def links(made: Marked) -> None:
    kinds = cycle(registry.integrations())
    IntegrationLink.objects.bulk_create(
        IntegrationLink(
            integration_type=kind,
            team=made.team,
            user=made.people["admin"],
            subject=each,
            config=typed(kind, each),
            state="target_gone",
            trouble=each,
        )
        for kind, each in zip(kinds, PAYLOADS, strict=False)
    )


def typed(kind: str, payload: str) -> dict[str, str]:
    """What the form of a link keeps where the program is typed into every field that takes words;
    a channel is an id and a name."""
    fields = registry.integrations()[kind].link_form.base_fields.items()
    words = [name for name, field in fields if isinstance(field, forms.CharField)]
    return {name: f"C1|{payload}" if name == "channel" else payload for name in words}


def receipts(made: Marked) -> None:
    """What came and went by the first links, thirty each."""
    for link, begin in zip(stocked(made), range(0, len(PAYLOADS), AT_ONCE), strict=False):
        some = PAYLOADS[begin : begin + AT_ONCE]
        store([_row(link, each, number) for number, each in enumerate(some)])
        for receipt, each in zip(Receipt.objects.filter(link_id=link.pk), some, strict=True):
            seen = {"state": "done", "outcome": Reason.NO_PERSON, "read_for": link.pk}
            Receipt.objects.filter(pk=receipt.pk).update(why=each, actor_key=each, **seen)
        told = made.team.entries.exclude(deliveries__link=link)[: len(some)]
        Delivery.objects.bulk_create(
            Delivery(link=link, entry=entry, state="held", trouble=each)
            for entry, each in zip(told, some, strict=True)
        )


def _row(link: IntegrationLink, payload: str, number: int) -> Row:
    body = json.dumps({"text": payload, "title": {payload: payload}}).encode()
    hook = Hook(body, {"content-type": "application/json"})
    key, event = f"{link.pk}-{number}", payload[:80]
    return Row(link.integration_type, link.pk, key, event, hook, dict(hook.headers))


def stocked(made: Marked) -> list[IntegrationLink]:
    known = [link.pk for link in made.links.values()]
    found = made.team.links.exclude(pk__in=known).filter(state="target_gone").order_by("pk")
    return list(found[: -(-len(PAYLOADS) // AT_ONCE)])
