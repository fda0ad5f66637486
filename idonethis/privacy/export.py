"""All that we know of a person, for programs and for people to read."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from io import BytesIO
from typing import Any

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.template.loader import render_to_string
from django.utils import timezone

from idonethis.accounts.models import ApiToken, User
from idonethis.audit.models import AuditRecord, record
from idonethis.entries.models import Comment, Entry, Like
from idonethis.integrations.models import IntegrationLink, IntegrationUser, Suggestion
from idonethis.mailing.models import MailChoice

Row = Mapping[str, Any]


@dataclass(frozen=True)
class Export:
    """A zip: one file of JSON lines for each sort of thing, and a page that shows them all."""

    user: User

    def make(self) -> bytes:
        record("data.exported", self.user)
        parts = {name: list(rows) for name, rows in self._parts().items()}
        with BytesIO() as made:
            with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
                for name, rows in parts.items():
                    archive.writestr(f"{name}.jsonl", _lines(rows))
                archive.writestr("index.html", self._page(parts))
            return made.getvalue()

    @property
    def name(self) -> str:
        return f"idonethis-{self.user.hash_id}-{timezone.now():%Y-%m-%d}.zip"

    def _parts(self) -> dict[str, Iterable[Row]]:
        return {
            "profile": [self._profile()],
            "teams": self._teams(),
            "entries": self._entries(),
            "suggestions": self._suggestions(),
            "comments": self._comments(),
            "likes": self._likes(),
            "identities": self._identities(),
            "links": self._links(),
            "tokens": self._tokens(),
            "mails": self._mails(),
            "changes": self._changes(),
        }

    def _profile(self) -> Row:
        user = self.user
        fields = ["hash_id", "email", "name", "nickname", "time_zone", "day_ends_at", "theme"]
        fields += ["hotkeys", "is_staff", "date_joined", "last_login"]
        addresses = EmailAddress.objects.filter(user=user).values("email", "verified", "primary")
        factors = Authenticator.objects.filter(user=user).values_list("type", flat=True)
        return {
            **{field: getattr(user, field) for field in fields},
            "addresses": list(addresses),
            "second_factors": list(factors),
        }

    def _teams(self) -> Iterator[Row]:
        for each in self.user.memberships.select_related("team"):
            yield {"team": str(each.team), "role": each.role, "joined": each.created_at}

    def _entries(self) -> Iterator[Row]:
        fields = ["hash_id", "team__name", "kind", "body", "url", "occurred_on", "occurred_at"]
        fields += ["completed_on", "archived_at", "deleted_at", "edited_at", "created_by"]
        fields += ["origin_label", "created_at", "updated_at"]
        yield from Entry.objects.for_user(self.user).order_by("pk").values(*fields).iterator()

    def _suggestions(self) -> Iterator[Row]:
        """What was suggested to them, whatever they said to it. Nobody else has seen it."""
        fields = ["hash_id", "team__name", "kind", "body", "url", "day", "details", "state"]
        fields += ["label"]
        yield from Suggestion.objects.filter(user=self.user).values(*fields, "created_at")

    def _comments(self) -> Iterator[Row]:
        mine = Comment.objects.filter(user=self.user)
        yield from mine.values("hash_id", "entry__hash_id", "body", "created_at", "deleted_at")

    def _likes(self) -> Iterator[Row]:
        yield from Like.objects.filter(user=self.user).values("entry__hash_id", "created_at")

    def _identities(self) -> Iterator[Row]:
        """Of secrets only that there are some: they open doors elsewhere."""
        for each in IntegrationUser.objects.filter(user=self.user):
            fields = ["integration_type", "kind", "uid", "login", "name", "email", "scopes"]
            fields += ["evidence", "created_at"]
            values = {field: getattr(each, field) for field in fields}
            yield {**values, "holds_access": bool(each.sealed)}

    def _links(self) -> Iterator[Row]:
        fields = ("hash_id", "integration_type", "team__name", "subject", "config", "state")
        yield from IntegrationLink.objects.filter(user=self.user).values(*fields, "created_at")

    def _tokens(self) -> Iterator[Row]:
        mine = ApiToken.objects.filter(user=self.user)
        yield from mine.values("hash_id", "name", "scopes", "created_at", "last_used_at")

    def _mails(self) -> Iterator[Row]:
        """Which they want, and when; what stood in them is in the log."""
        mine = MailChoice.objects.filter(membership__user=self.user)
        yield from mine.values("membership__team__name", "kind", "is_on", "at", "days")

    def _changes(self) -> Iterator[Row]:
        """What they did, and what was done to them; whoever else did it is not theirs to have."""
        for each in AuditRecord.objects.by_or_about(self.user).iterator():
            mine = each.who == self.user.hash_id
            yield {
                "at": each.at,
                "by": "you" if mine else "somebody else",
                "action": each.action,
                "thing": each.thing,
                "address": each.address if mine else "",
                "details": each.details,
            }

    def _page(self, parts: Mapping[str, list[Row]]) -> str:
        tables = [(name, list(rows[0]), rows) for name, rows in parts.items() if rows]
        context = {"person": self.user, "made_at": timezone.now(), "tables": tables}
        return render_to_string("privacy/export.html", context)


def _lines(rows: Iterable[Row]) -> str:
    return "".join(f"{json.dumps(row, default=str, ensure_ascii=False)}\n" for row in rows)
