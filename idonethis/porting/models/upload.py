from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from datetime import timedelta
from typing import Any

import msgspec
import zstandard
from django.conf import settings
from django.db import models, transaction
from django.urls import reverse
from django.utils import timezone

from idonethis.accounts.models import User
from idonethis.ids import hash_id
from idonethis.integrations import secrets
from idonethis.porting.brought import Brought, Read
from idonethis.teams.models import Team

#: Rows of one part, which is what one step of an import stores.
ROWS = 200
#: How long somebody may take to say who the others are.
KEPT = timedelta(days=30)
#: So many lines that could not be read are told one by one.
MOST_REFUSED = 1000

_encode = msgspec.json.Encoder().encode
_decoder = msgspec.json.Decoder(list[Brought])


class UploadQuerySet(models.QuerySet["Upload"]):
    @transaction.atomic
    def keep(self, read: Read, *, team: Team, name: str, user: User | None) -> Upload:
        """What was read of a file, to be looked at before it is brought in."""
        self.forget_old()
        made = self.create(team=team, user=user, name=name[:200])
        made.add(read)
        return made

    def forget_about(self, teams: models.QuerySet[Team], words: Iterable[str]) -> None:
        """Somebody is deleted: what may hold words of theirs, or names them, goes. It can be
        uploaded again."""
        folded = [word.lower() for word in words if "@" in word[1:]]
        named = [
            upload.pk
            for upload in self.only("people")
            if any(word in json.dumps(upload.people, ensure_ascii=False).lower() for word in folded)
        ]
        self.filter(models.Q(team__in=teams) | models.Q(pk__in=named)).delete()

    def forget_old(self) -> None:
        self.filter(created_at__lt=timezone.now() - KEPT).delete()


class Upload(models.Model):
    """What somebody wants to bring into a team: read, and for some time kept, so that who was not
    known at first can be brought in later."""

    hash_id = models.CharField(max_length=12, unique=True, default=hash_id, editable=False)
    team = models.ForeignKey(Team, models.CASCADE, related_name="uploads")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    #: Of the file, or of the server that it was read of.
    name = models.CharField(max_length=200)
    rows = models.PositiveIntegerField(default=0)
    #: Whom the rows name: by the name there, a mail address and what they are called.
    people = models.JSONField(default=dict)
    #: Lines that cannot be read, each with its number and why.
    refused = models.JSONField(default=list)
    refused_count = models.PositiveIntegerField(default=0)
    notes = models.JSONField(default=list)
    #: Where it is read of, if that is a server, and what opens that until all is read.
    address = models.CharField(max_length=300, blank=True)
    sealed_token = models.TextField(blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = UploadQuerySet.as_manager()

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("upload", args=[self.team.slug, self.hash_id])

    @property
    def token(self) -> str:
        """Raises Sealed."""
        return secrets.open_sealed(self.sealed_token, row=self.row)

    @token.setter
    def token(self, value: str) -> None:
        self.sealed_token = secrets.seal(value, row=self.row) if value else ""

    @property
    def row(self) -> str:
        return f"upload:{self.hash_id}:token"

    @property
    def is_whole(self) -> bool:
        """Nothing is to be read any more of another server."""
        return not self.sealed_token

    def add(self, read: Read) -> None:
        first = self.parts.count()
        parts = [read.rows[at : at + ROWS] for at in range(0, len(read.rows), ROWS)]
        Part.objects.bulk_create(
            (Part.of(self, number, rows) for number, rows in enumerate(parts, start=first)),
            batch_size=20,
        )
        self.rows += len(read.rows)
        self.people = {**self.people, **read.people}
        self.refused_count += len(read.refused)
        self.refused = [*self.refused, *(list(each) for each in read.refused)][:MOST_REFUSED]
        self.notes = [*self.notes, *read.notes]
        self.save()

    def part(self, number: int) -> list[Brought]:
        """Empty after the last one."""
        found = self.parts.filter(number=number).first()
        return found.rows if found else []

    def every_part(self) -> Iterator[list[Brought]]:
        for number in range(self.parts.count()):
            yield self.part(number)


class Part(models.Model):
    upload = models.ForeignKey(Upload, models.CASCADE, related_name="parts", db_index=False)
    number = models.PositiveIntegerField()
    packed = models.BinaryField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["upload", "number"], name="one_part")]

    def __str__(self) -> str:
        return f"{self.upload} {self.number}"

    @classmethod
    def of(cls, upload: Upload, number: int, rows: Sequence[Brought]) -> Part:
        return cls(upload=upload, number=number, packed=zstandard.compress(_encode(list(rows))))

    @property
    def rows(self) -> list[Any]:
        return _decoder.decode(zstandard.decompress(bytes(self.packed)))
