"""For the tests of an integration: a fixture in, an entry out.

A fixture is ``fixtures/<event>__<what>.json`` beside the test (``.txt`` for form bodies), or
``ignored__<event>__<what>.json`` where no entry comes of it. The name says which headers come with
it, see ``headers_of``; the signature is added here."""

from __future__ import annotations

import inspect
from datetime import timedelta
from pathlib import Path
from typing import Any, ClassVar

from django.conf import settings
from django.test import TestCase
from django.utils import timezone

from idonethis.accounts.models import User
from idonethis.entries.models import Entry
from idonethis.integrations import registry
from idonethis.integrations.base import Draft, Event, Reads, Receives, ReceivesForAll, SignsForAll
from idonethis.integrations.examples import more_of
from idonethis.integrations.models import (
    Bucket,
    Delivery,
    IntegrationLink,
    IntegrationUser,
    PartnerApp,
    PublishedKeys,
    Receipt,
)
from idonethis.integrations.plain_link import PlainLink
from idonethis.integrations.reads import BARE
from idonethis.integrations.signatures.published_jwts import our_keys
from idonethis.integrations.values import Hook
from idonethis.teams.models import Membership, Team


def headers_of(integration: Reads, fixture: Path) -> dict[str, str]:
    """What the partner says in headers: the content type by the fixture's ending, and the event by
    its name, where the partner has a header for it."""
    form = "application/x-www-form-urlencoded"
    headers = {"content-type": form if fixture.suffix == ".txt" else "application/json"}
    event = fixture.stem.removeprefix("ignored__").partition("__")[0]
    return headers | ({integration.event_header.lower(): event} if integration.event_header else {})


def tell(more: dict[str, Any]) -> None:
    """The partner is asked about all that waits for that, and says this."""
    for receipt in Receipt.objects.filter(state=BARE):
        receipt.expand(more)


def publish(integration: Receives) -> None:
    """What signs hooks in tests is known here, as if the partner had published it."""
    if integration.signature.keys_at:
        kind, holds = integration.integration_type, timedelta(hours=1)
        PublishedKeys.keep(kind, our_keys(), holds=holds)


def let_time_pass() -> None:
    """Whatever waits to go out has waited long enough."""
    Bucket.objects.all().delete()
    Delivery.objects.filter(state="due").update(due_at=timezone.now())
    IntegrationLink.objects.update(rests_until=None)


class HookTestCase(TestCase):
    """Ada administers the team, Grace is in it, Mallory is not. ``link`` is theirs."""

    databases = "__all__"
    integration_type: ClassVar[str] = ""
    content_type: ClassVar[str] = "application/json"
    config: ClassVar[dict[str, Any]] = {}
    #: The partner's uid of Ada and of Grace, as the fixtures have them.
    ada_uid: ClassVar[str] = "1815"
    grace_uid: ClassVar[str] = "1906"

    def setUp(self) -> None:
        self.folder = Path(inspect.getfile(type(self))).parent
        self.kind = self.integration_type or self.folder.name
        integration = registry.integrations()[self.kind]
        assert isinstance(integration, Receives)
        self.integration = integration
        self.ada = User.objects.create_user("ada@example.org", name="Ada Lovelace", nickname="ada")
        self.grace = User.objects.create_user("grace@example.org", name="Grace Hopper")
        self.mallory = User.objects.create_user("mallory@example.net", name="Mallory")
        self.team = Team.objects.create(name="Analytical Engines")
        self.team.join(self.ada, Membership.Role.ADMIN)
        self.team.join(self.grace)
        self.knows(self.ada, self.ada_uid)
        self.knows(self.grace, self.grace_uid)
        self.link = self.make_link()

    def knows(self, user: User, uid: str) -> IntegrationUser:
        return IntegrationUser.objects.create(integration_type=self.kind, uid=uid, user=user)

    def make_link(self, **fields: Any) -> IntegrationLink:
        defaults = {"team": self.team, "user": self.ada, "config": dict(self.config)}
        made = IntegrationLink.objects.create(integration_type=self.kind, **(defaults | fields))
        if made.awaits_secret:
            made.take_secret(self.integration.signature.new_secret())
        publish(self.integration)
        return made

    def fixture(self, name: str) -> bytes:
        return self._path(name).read_bytes()

    def headers_for(self, name: str) -> dict[str, str]:
        """What the partner says in headers with a fixture, where its name does not say it all."""
        return headers_of(self.integration, self._path(name))

    def _path(self, name: str) -> Path:
        return next((self.folder / "fixtures").glob(f"{name}.*"))

    def draft_of(self, name: str, **config: Any) -> list[Event]:
        """What the integration alone makes of a fixture, without any row."""
        headers = {"content-type": self.content_type, **self.headers_for(name)}
        link = PlainLink(config={**self.config, **config})
        hook = Hook(self.fixture(name), headers, more=more_of(self._path(name)))
        return list(self.integration.read(hook, link))

    def post_hook(
        self,
        body: bytes,
        *,
        headers: dict[str, str] | None = None,
        signed: bool = True,
        more: dict[str, Any] | None = None,
    ) -> Any:
        """As the partner posts it, through the same intake as the server, and processed; ``more``
        is what it says when it is asked."""
        sent = {"content-type": self.content_type, **(headers or {})}
        signature, url = self.integration.signature, self.link.hook_url
        if signed:
            url = signature.address(url, self._secret())
            stamped = signature.stamped(Hook(body, sent, url=url), self._secret())
            body, sent = stamped.body, sent | signature.sign(stamped, self._secret())
        response = self.client.post(
            url.removeprefix(settings.BASE_URL),
            body,
            content_type=sent.pop("content-type"),
            headers=sent,
        )
        tell(more or {})
        while Receipt.drain():
            pass
        return response

    def _secret(self) -> Any:
        if isinstance(self.integration, ReceivesForAll | SignsForAll):
            return PartnerApp.credential(self.kind, "SIGNING_SECRET")
        return self.link.signing_secret

    def send(self, name: str) -> Any:
        more = more_of(self._path(name))
        return self.post_hook(self.fixture(name), headers=self.headers_for(name), more=more)

    def check_hook(
        self, name: str, body: str, *, kind: str = "done", user: User | None = None
    ) -> Entry:
        """The fixture becomes exactly one entry, with this body, of this person (Ada)."""
        assert self.send(name).status_code == 200
        entry = Entry.objects.get()
        got = (entry.body, entry.kind, entry.user, entry.team)
        self.assertEqual(got, (body, kind, user or self.ada, self.team))
        return entry

    def check_ignored(self, name: str, reason: str) -> None:
        assert self.send(name).status_code == 200
        self.assertEqual(self.last_receipt().outcome, reason)
        self.assertFalse(Entry.objects.exists())

    def last_receipt(self) -> Receipt:
        latest: Receipt = Receipt.objects.latest("id")
        return latest

    def drafts(self, name: str, **config: Any) -> list[Draft]:
        return [event for event in self.draft_of(name, **config) if isinstance(event, Draft)]
