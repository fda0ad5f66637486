"""What was written down stays as it was written."""

from __future__ import annotations

import pytest
from django.db import DatabaseError, connection, transaction

from idonethis.audit import triggers
from idonethis.audit.acting import acting, at_the_terminal
from idonethis.audit.models import AuditRecord, OnlyAddedTo, record


@pytest.fixture
def written(db):
    return record("link.paused", "0123456789ab")


@pytest.fixture
def guarded(db):
    """The triggers, which the tests' own database does without: it is emptied after each test."""
    triggers.install(connection)


def test_a_record_says_who_did_what_to_what_and_from_where(team, ada):
    with acting(lambda: ada.hash_id, address="192.0.2.7"):
        record("role.changed", ada, team=team, role="admin")
    written = AuditRecord.objects.get(action="role.changed")
    assert (written.who, written.thing, written.team) == (ada.hash_id, ada.hash_id, team.hash_id)
    assert (written.said, written.address) == ("role changed", "192.0.2.7")
    assert written.details == {"role": "admin"}


def test_a_command_acts_from_the_terminal_and_the_server_from_nowhere(db):
    with at_the_terminal():
        record("team.made")
    record("link.troubled")
    assert [each.address for each in AuditRecord.objects.order_by("pk")] == ["terminal", ""]


def test_a_change_that_is_rolled_back_is_not_written_down(db):
    with pytest.raises(RuntimeError), transaction.atomic():
        record("team.deleted")
        raise RuntimeError
    assert not AuditRecord.objects.exists()


def test_no_row_is_changed_or_deleted_through_the_orm(written):
    written.action = "link.resumed"
    every = AuditRecord.objects.all()
    for change in (
        written.save,
        written.delete,
        every.delete,
        lambda: every.update(who="x"),
        lambda: every.bulk_update([written], ["action"]),
        lambda: AuditRecord.objects.filter(pk=written.pk).update(who=""),
    ):
        with pytest.raises(OnlyAddedTo):
            change()
    assert AuditRecord.objects.get().action == "link.paused"


@pytest.mark.usefixtures("guarded")
@pytest.mark.parametrize(
    "statement",
    ["UPDATE audit_auditrecord SET who = 'x'", "DELETE FROM audit_auditrecord"],
)
def test_the_database_itself_refuses_to_change_a_row(written, statement):
    with pytest.raises(DatabaseError, match="only ever added to"), transaction.atomic():
        connection.cursor().execute(statement)
    assert AuditRecord.objects.get().who == ""


@pytest.mark.usefixtures("guarded")
def test_what_is_new_may_still_be_written(db):
    record("team.made")
    assert AuditRecord.objects.count() == 1
