from __future__ import annotations

from django.db import models


class Attempt(models.Model):
    """One time that a delivery was tried: how long it took, and what the partner said to it."""

    delivery = models.ForeignKey("Delivery", models.CASCADE, related_name="tries")
    at = models.DateTimeField()
    #: In milliseconds.
    took = models.PositiveIntegerField()
    #: As Delivery.result.
    result = models.CharField(max_length=8)
    said = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ["-id"]

    def __str__(self) -> str:
        return self.result
