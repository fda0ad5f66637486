from __future__ import annotations

from django.conf import settings
from django.db import models

from idonethis.entries.models.entry import Entry
from idonethis.ids import hash_id


class Comment(models.Model):
    hash_id = models.CharField(max_length=12, unique=True, default=hash_id, editable=False)
    entry = models.ForeignKey(Entry, models.CASCADE, related_name="comments")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    body = models.TextField(max_length=2000)
    created_at = models.DateTimeField(auto_now_add=True)
    deleted_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["created_at"]


class Like(models.Model):
    entry = models.ForeignKey(Entry, models.CASCADE, related_name="likes")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["entry", "user"], name="one_like")]
