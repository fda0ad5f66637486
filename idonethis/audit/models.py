from __future__ import annotations

from collections.abc import Iterable
from typing import Any, NoReturn, Protocol

from django.db import models
from django.utils import timezone

from idonethis.audit.acting import now_acting


class OnlyAddedTo(Exception):
    """Somebody tried to change what was written down."""


class Public(Protocol):
    """Whatever has a public name."""

    @property
    def hash_id(self) -> Any: ...


class AuditRecordQuerySet(models.QuerySet["AuditRecord"]):
    def about_team(self, team: Public) -> AuditRecordQuerySet:
        return self.filter(team=team.hash_id)

    def by_or_about(self, person: Public) -> AuditRecordQuerySet:
        mine = models.Q(who=person.hash_id) | models.Q(thing=person.hash_id)
        return self.filter(mine)

    def update(self, **fields: Any) -> NoReturn:
        raise OnlyAddedTo("The log of changes is only ever added to.")

    def delete(self) -> NoReturn:
        raise OnlyAddedTo("The log of changes is only ever added to.")

    def bulk_update(self, objs: Iterable[Any], fields: Any, batch_size: Any = None) -> NoReturn:
        raise OnlyAddedTo("The log of changes is only ever added to.")


class AuditRecord(models.Model):
    """One change. People and things stand here by their public ids alone, so that nothing has to
    be changed when somebody's name, or they themselves, must be forgotten."""

    at = models.DateTimeField(default=timezone.now, db_index=True)
    #: Who did it: the public id of a person; empty for a command, and for the server itself.
    who = models.CharField(max_length=12, blank=True)
    #: What was done, such as ``link.paused``.
    action = models.CharField(max_length=40)
    team = models.CharField(max_length=12, blank=True)
    #: The public id of what it was done to; the first word of the action says what that is.
    thing = models.CharField(max_length=40, blank=True)
    #: From where: an IP address, ``terminal``, or empty for the server itself.
    address = models.CharField(max_length=45, blank=True)
    #: What else matters. Never a secret, and nothing that names a person.
    details = models.JSONField(default=dict)

    objects = AuditRecordQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["team", "-id"], name="changes_of_team"),
            models.Index(fields=["who", "-id"], name="changes_by_person"),
            models.Index(fields=["thing", "-id"], name="changes_to_thing"),
        ]
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"{self.action} {self.thing}".strip()

    @property
    def said(self) -> str:
        """The action in words."""
        return self.action.replace(".", " ").replace("_", " ")

    def save(self, *args: Any, **kwargs: Any) -> None:
        if self.pk is not None:
            raise OnlyAddedTo("The log of changes is only ever added to.")
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise OnlyAddedTo("The log of changes is only ever added to.")


def record(
    action: str, on: Public | str = "", *, team: Public | None = None, **details: Any
) -> AuditRecord:
    """Writes a change down, in the transaction that makes it. Who acts, and from where, is known
    (see ``acting``). Details are ids, numbers and words of ours: no names of people, no secrets."""
    acting = now_acting()
    return AuditRecord.objects.create(
        action=action,
        thing=on if isinstance(on, str) else on.hash_id,
        team=team.hash_id if team else "",
        who=acting.who(),
        address=acting.address,
        details=details,
    )
