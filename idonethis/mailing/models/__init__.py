"""What mails people want, and those that go out."""

from __future__ import annotations

from idonethis.mailing.models.choice import Kind, MailChoice
from idonethis.mailing.models.letter import Letter, writing

__all__ = ["Kind", "Letter", "MailChoice", "writing"]
