"""Rows that are a mail each: sent by one worker, and again while the mail server is away."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from datetime import timedelta
from smtplib import SMTPException, SMTPRecipientsRefused
from typing import Self

from django.core.mail import EmailMessage
from django.db import models
from django.utils import timezone

from idonethis.integrations.models.lease import Leased, backoff

log = logging.getLogger(__name__)

#: Longer than a mail server may take for all that are taken at once.
LEASE = timedelta(minutes=3)
AT_ONCE = 5
#: The longest wait before a mail server that is away is tried again.
LONGEST_WAIT = timedelta(minutes=30)


class Mailed(Leased):
    """States: due, done, moot (nobody wants to know any more), failed (there is no such mailbox).
    It waits for a mail server that is away as long as that takes."""

    trouble = models.CharField(max_length=300, blank=True)

    class Meta:
        abstract = True

    @classmethod
    def drain(cls) -> int:
        """Sends what is due; returns how many were tried."""
        rows = cls._claimed()
        for row in rows:
            row.send()
        return len(rows)

    @classmethod
    def _claimed(cls) -> Sequence[Self]:
        claimed: Sequence[Self] = cls.objects.due().claim(AT_ONCE, lease=LEASE)  # type: ignore[attr-defined]
        return claimed

    def send(self) -> None:
        if self.is_moot:
            self.finish(state="moot")
            return
        try:
            self.message().send()
        except SMTPRecipientsRefused as problem:
            self._refused(problem)
        except (SMTPException, OSError) as problem:
            log.warning("A mail to %s waits: %s", self.recipient, problem)
            self._wait(str(problem))
        except Exception as problem:
            log.exception("The mail %s failed", self.pk)
            self._wait(f"Our own fault ({type(problem).__name__}).")
        else:
            self.sent()

    def _refused(self, problem: SMTPRecipientsRefused) -> None:
        """For good: https://www.rfc-editor.org/rfc/rfc5321#section-4.2.1"""
        why = "; ".join(f"{code} {said!r}" for code, said in problem.recipients.values())
        if all(code >= 500 for code, _ in problem.recipients.values()):
            log.warning("No mail reaches %s: %s", self.recipient, why)
            self.finish(state="failed", trouble=why[:300])
        else:
            self._wait(why)

    def _wait(self, trouble: str) -> None:
        wait = min(backoff(self.attempts), LONGEST_WAIT)
        self.again(at=timezone.now() + wait, trouble=trouble[:300])

    def sent(self) -> None:
        self.finish(state="done", trouble="")

    @property
    def recipient(self) -> str:
        raise NotImplementedError

    @property
    def is_moot(self) -> bool:
        raise NotImplementedError

    def message(self) -> EmailMessage:
        """The same each time: a mail that is sent twice, since a process died in between, is one
        mail to the reader."""
        raise NotImplementedError
