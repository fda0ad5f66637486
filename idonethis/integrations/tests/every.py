"""Any integration, linked and able to be sent to, without knowing which it is."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import urlsplit

from idonethis.entries.drafts import NOBODY, Draft, Retract
from idonethis.integrations import registry
from idonethis.integrations.base import (
    Reads,
    Receives,
    ReceivesForAll,
    SignsForAll,
    Wakes,
    fingerprint,
)
from idonethis.integrations.examples import more_of
from idonethis.integrations.ingest.intake import Nudge, Row, settle, surely
from idonethis.integrations.ingest.routes import Routes
from idonethis.integrations.ingest.writer import store
from idonethis.integrations.models import IntegrationLink, IntegrationUser, PartnerApp, Receipt
from idonethis.integrations.models.integration_user import actor_key
from idonethis.integrations.plain_link import PlainLink
from idonethis.integrations.testing import headers_of, publish, tell
from idonethis.integrations.values import Hook, Response, Secret, Unreadable

URL = "https://log.example.org/integrations/any/hook/token"
SECRET = Secret("a signing secret that only this test knows")
#: When a partner that is asked said what there is.
FOUND = datetime(2026, 11, 24, 9, tzinfo=UTC)
#: Those that are sent hooks to be stored and read.
RECEIVING = [
    each
    for each in registry.integrations().values()
    if isinstance(each, Receives) and not isinstance(each, Wakes)
]


def fixtures(integration) -> list[Path]:
    folder = registry.folder(integration) / "fixtures"
    return sorted(path for path in folder.glob("*") if path.suffix in (".json", ".txt"))


@dataclass
class Linked:
    integration: Reads
    link: IntegrationLink

    @classmethod
    def make(cls, integration: Reads, team, user) -> Linked:
        kind = integration.integration_type
        link = IntegrationLink(integration_type=kind, team=team, user=user)
        if isinstance(integration, ReceivesForAll | SignsForAll):
            PartnerApp.objects.get_or_create(integration_type=kind)[0].keep(
                {"SIGNING_SECRET": SECRET}
            )
        if isinstance(integration, ReceivesForAll):
            link.integration_user = cls._workspace(integration, user)
        link.save()
        if link.awaits_secret:
            link.take_secret(integration.signature.new_secret())
        if isinstance(integration, Receives):
            publish(integration)
        linked = cls(integration, link)
        linked._introduce(user)
        return linked

    @staticmethod
    def _workspace(integration: ReceivesForAll, user) -> IntegrationUser:
        path = fixtures(integration)[0]
        address = integration.addressee(Hook(path.read_bytes(), headers_of(integration, path)))
        return IntegrationUser.objects.get_or_create(
            integration_type=integration.integration_type,
            uid=address.workspace,
            kind="workspace",
            defaults={"user": user},
        )[0]

    def _introduce(self, user) -> None:
        """Everybody whom the fixtures name is this person; without an id, the team says so."""
        for path in fixtures(self.integration):
            for event in self.read(path):
                named = getattr(event, "actor", NOBODY)
                if isinstance(event, Draft | Retract) and named != NOBODY:
                    IntegrationUser.objects.get_or_create(
                        integration_type=self.integration.integration_type,
                        uid=actor_key(named),
                        team=None if named.uid else self.link.team,
                        defaults={"user": user},
                    )

    def read(self, path: Path):
        hook = Hook(path.read_bytes(), headers_of(self.integration, path), more=more_of(path))
        try:
            return list(self.integration.read(hook, PlainLink()))
        except Unreadable:
            return []

    @property
    def secret(self) -> Secret:
        for_all = isinstance(self.integration, ReceivesForAll | SignsForAll)
        return SECRET if for_all else self.link.signing_secret

    @property
    def token(self) -> str:
        return "" if isinstance(self.integration, ReceivesForAll) else self.link.hook_token

    def post(
        self, body: bytes, headers=None, *, secret=None, at=None, more=None, **forged
    ) -> Response:
        """Through the intake, as the server does it, and then processed. ``more``: what the partner
        says when it is asked."""
        received = datetime.now(UTC)
        plain = self.genuine(body, headers, secret=secret, at=at)
        sent = {name: value for name, value in {**plain.headers, **forged}.items() if value}
        if len(body) > self.integration.largest_body:
            return Response(413)
        taken = replace(plain, headers=sent, received_at=received)
        rows = surely(self.integration, taken, Routes().find(self.integration, self.token))
        if isinstance(rows, Nudge):
            return settle(self.integration, taken, rows)
        if isinstance(rows, Response):
            return rows
        store(rows)
        tell(more or {})
        while Receipt.drain():
            pass
        return self.integration.accepted(plain)

    def genuine(
        self, body: bytes, headers=None, *, secret=None, at=None, url=URL, way=None
    ) -> Hook:
        """As the partner sends it, to an address of ours, signed in this way of several."""
        key, signature = secret or self.secret, way or self.integration.signature
        whole = signature.address(url, key)
        plain = signature.stamped(
            Hook(
                body,
                headers or {"content-type": "application/json"},
                query=urlsplit(whole).query,
                received_at=at or datetime.now(UTC),
                url=whole,
            ),
            key,
        )
        return replace(plain, headers={**plain.headers, **signature.sign(plain, key)})

    def hear(self, path: Path, delivery: str = "") -> None:
        """A fixture comes in as all does from this partner: it is sent to us, or found by asking.
        What is asked for is found in one order, whenever it is read: by name from the last to the
        first, so that a message comes before its edit, and an event before it is cancelled."""
        if self.integration in RECEIVING:
            self.post_fixture(path, delivery)
        else:
            at = FOUND - timedelta(minutes=fixtures(self.integration).index(path))
            self.find(path.read_bytes(), headers_of(self.integration, path), delivery, at=at)

    def find(self, body: bytes, headers, delivery: str = "", *, at: datetime = FOUND) -> None:
        """What the partner said when it was asked, as a poll stores it."""
        kind, hook = self.integration.integration_type, Hook(body, headers, received_at=at)
        store([Row(kind, self.link.pk, delivery or fingerprint(body), "", hook, headers)])
        while Receipt.drain():
            pass

    def post_fixture(self, path: Path, delivery: str = "") -> Response:
        named = self.integration.delivery_header.lower()
        own = {named: delivery} if named and delivery else {}
        headers = headers_of(self.integration, path) | own
        return self.post(path.read_bytes(), headers, more=more_of(path))


def connected(integration: ReceivesForAll, user) -> None:
    """This server is set up with the partner, and the person's workspace has let it in."""
    kind = integration.integration_type
    app, _ = PartnerApp.objects.get_or_create(integration_type=kind)
    app.keep({"CLIENT_ID": "id", "CLIENT_SECRET": "secret", "SIGNING_SECRET": SECRET})
    workspace = IntegrationUser(integration_type=kind, uid="W", kind="workspace", user=user)
    workspace.secrets = {"access_token": "a token"}
    workspace.save()
    IntegrationUser.objects.create(integration_type=kind, uid="W/P", user=user, workspace=workspace)
