"""What mails people want, those that go out, and answers to strangers."""

from __future__ import annotations

from idonethis.mailing.models.answer import Answer
from idonethis.mailing.models.choice import Kind, MailChoice
from idonethis.mailing.models.letter import Letter, writing

__all__ = ["Answer", "Kind", "Letter", "MailChoice", "writing"]
