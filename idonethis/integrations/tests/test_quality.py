"""The marks of every integration are what it does, neither better nor worse."""

from __future__ import annotations

from dataclasses import replace

import pytest
from allauth.account.models import EmailAddress

from idonethis.entries.drafts import Draft
from idonethis.entries.models import Entry
from idonethis.integrations import registry
from idonethis.integrations.base import Backfills, Receives, Registers, Sends, Tells
from idonethis.integrations.examples import draft_of, told
from idonethis.integrations.ingest.intake import surely
from idonethis.integrations.ingest.routes import Routes
from idonethis.integrations.models import IntegrationUser
from idonethis.integrations.quality import Grade, full, marks
from idonethis.integrations.signatures import AnyOf
from idonethis.integrations.testing import headers_of
from idonethis.integrations.tests.every import RECEIVING, Linked, fixtures
from idonethis.integrations.values import Reason

pytestmark = pytest.mark.django_db

ALL = list(registry.integrations().values())


def grades(integration):
    return {mark.about: mark.grade for mark in marks(integration)}


def ways(signature):
    return signature.ways if isinstance(signature, AnyOf) else [signature]


def each(those):
    return pytest.mark.parametrize("integration", those, ids=lambda i: i.integration_type)


def vouches(integration) -> bool:
    """Whether it answers for the mail addresses that it names."""
    drafts = filter(None, map(draft_of, told(integration)))
    return any(draft.actor.email and draft.actor.vouched for draft in drafts)


KNOWN = [integration for integration in RECEIVING if vouches(integration)]


@each(ALL)
def test_each_is_marked_in_whole_sentences(integration):
    assert 2 <= len(marks(integration)) <= 9
    assert 0 < full(integration) <= len(marks(integration))
    assert all(mark.why.endswith(".") for mark in marks(integration))


def test_what_it_can_do_is_what_its_class_says():
    for integration in ALL:
        given = grades(integration)
        assert (given.get("Backfill") is Grade.FULL) == isinstance(integration, Backfills)
        follows = isinstance(integration, Sends | Tells)
        assert (given.get("Edits going out") is Grade.FULL) == follows
        if isinstance(integration, Receives):
            assert (given["Removal"] is Grade.FULL) == isinstance(integration, Registers)


@each(RECEIVING)
def test_what_is_signed_cannot_be_changed_and_what_is_not_can(integration, ada, team):
    linked = Linked.make(integration, team, ada)
    path = fixtures(integration)[0]
    worst = min(ways(integration.signature), key=lambda way: way.covers)
    genuine = linked.genuine(path.read_bytes(), headers_of(integration, path), way=worst)
    changed = replace(genuine, body=genuine.body + b" ")
    answer = surely(integration, changed, Routes().find(integration, linked.token))
    refused = answer == integration.refused(Reason.BAD_SIGNATURE)
    assert refused == (grades(integration)["Signature"] is Grade.FULL)


@each(KNOWN)
def test_who_is_known_by_mail_at_once_is(integration, ada, team):
    """Nobody was introduced; somebody has verified here what the fixtures call them by."""
    linked = Linked.make(integration, team, ada)
    IntegrationUser.objects.filter(kind="user").delete()
    drafts = [
        e for path in fixtures(integration) for e in linked.read(path) if isinstance(e, Draft)
    ]
    named = {draft.actor.email.lower() for draft in drafts if draft.actor.vouched} - {""}
    EmailAddress.objects.filter(email__in=named).delete()
    EmailAddress.objects.bulk_create(
        EmailAddress(user=ada, email=email, verified=True) for email in named
    )
    for path in fixtures(integration):
        linked.post_fixture(path, delivery=path.stem)
    assert Entry.objects.filter(user=ada).exists()


def test_the_page_of_an_integration_and_the_catalogue_show_them(client, ada, team):
    client.force_login(ada)
    for integration in ALL[:3]:
        page = client.get(f"/integrations/{integration.integration_type}").content.decode()
        assert all(mark.about in page and mark.why in page for mark in marks(integration))
    catalogue = client.get("/integrations").content.decode()
    assert f"{full(ALL[0])} of {len(marks(ALL[0]))} marks of trust" in catalogue
