"""What came of it that a team took an account at a partner for one of its people; and how that is
taken back."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from django.db import transaction

from idonethis.audit.models import record
from idonethis.background import INBOX
from idonethis.entries.models import Entry, EntryQuerySet
from idonethis.integrations.models.claiming import ids_of_links
from idonethis.integrations.models.integration_user import IntegrationUser
from idonethis.integrations.models.receipt import Receipt
from idonethis.integrations.models.receipts import ReceiptQuerySet
from idonethis.integrations.models.unclaimed_person import UnclaimedPerson
from idonethis.integrations.reads import EMPTIED
from idonethis.teams.models import Team


@dataclass(frozen=True)
class Match:
    known: IntegrationUser
    team: Team

    @cached_property
    def _links(self) -> list[int]:
        return ids_of_links(self.team)

    @property
    def _receipts(self) -> ReceiptQuerySet:
        """What this account did, as far as it was read for this team."""
        found = Receipt.objects.filter(
            integration_type=self.known.integration_type,
            actor_key=self.known.uid,
            read_for__in=self._links,
        )
        return found.exclude(actor_key="")  # for the sake of the index

    @property
    def _kept(self) -> ReceiptQuerySet:
        """Others cannot be read once more, nor can what they made be taken back."""
        return self._receipts.exclude(state=EMPTIED)

    @property
    def waiting(self) -> int:
        """How many events are being processed again at this moment."""
        return self._receipts.filter(state="due").count()

    @cached_property
    def entries(self) -> EntryQuerySet:
        """Those that stand because of it, as far as what they were made of is kept."""
        made = set(self._kept.exclude(entry="").values_list("entry", flat=True))
        return Entry.objects.alive().filter(hash_id__in=made, user=self.known.user, team=self.team)

    @property
    def edited(self) -> int:
        """How many a person has had a hand in, so that they stay in any case."""
        return self.entries.count() - self.entries.untouched().count()

    @transaction.atomic
    def take_back(self, *, with_entries: bool) -> int:
        """The account is nobody's again, and what it does from now on waits. Returns how many
        entries go, if they are to: those that nobody edited. What they were made of waits, too."""
        untouched = self.entries.untouched().values_list("hash_id", flat=True)
        going = list(untouched) if with_entries else []
        UnclaimedPerson.objects.list_again(self.known, self.team)
        said = {"type": self.known.integration_type, "person": self.known.user.hash_id}
        record("identity.taken_back", self.known, team=self.team, **said)
        self.known.delete()
        # Of all who had a part in them, such as another account of the same person.
        Receipt.objects.filter(read_for__in=self._links, state="done", entry__in=going).anew()
        INBOX.wake_on_commit()
        return len(going)
