"""How things come in at Acme, live and from the past, and what stands in the log then."""

from __future__ import annotations

from django.test import Client

from idonethis.entries.models import Comment, Entry, Source
from idonethis.integrations.models import Delivery, Job, Receipt


def done(key, body="", *, uid="1815", at="2026-11-20T12:00:00+00:00"):
    return {"type": "done", "key": key, "body": body or f"Made {key}", "uid": uid, "at": at}


def push(*commits, uid="1815", at="2026-11-20T12:00:00+00:00"):
    return {"type": "push", "commits": commits, "uid": uid, "at": at}


def comes(link, signed, *contents):
    """Acme sends these, and they are processed; returns the last receipt."""
    for content in contents:
        body, headers = signed(link, content)
        headers["x-acme-delivery"] = f"delivery-{Receipt.objects.count()}"
        path = f"/integrations/acme/hook/{link.hook_token}"
        kind = headers.pop("content-type")
        assert Client().post(path, body, content_type=kind, headers=headers).status_code == 200
    work()
    return Receipt.objects.latest("pk")


def work() -> None:
    while Receipt.drain():
        pass


def work_off(job=None) -> Job:
    """Every job is done; returns this one, or the newest."""
    while Job.drain():
        pass
    return Job.objects.get(pk=job.pk) if job else Job.objects.latest("pk")


def standing():
    return sorted(Entry.objects.alive().values_list("body", flat=True))


def everything():
    """All rows of the log, byte for byte."""
    tables = (Entry, Source, Comment, Delivery)
    return [list(table.objects.order_by("pk").values()) for table in tables]
