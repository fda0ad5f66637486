"""Why did this not become an entry? One question, whatever it is about, and one answer, for pages,
commands and the API alike."""

from __future__ import annotations

from idonethis.integrations.why.answer import Answer, answer

__all__ = ["Answer", "answer"]
