"""What somebody gets who asks for their data: all of it, only theirs, and no key to anything."""

from __future__ import annotations

import io
import json
import zipfile

import pytest

from idonethis.accounts.models import ApiToken
from idonethis.audit.models import AuditRecord
from idonethis.entries.drafts import Draft
from idonethis.entries.models import Comment, Entry
from idonethis.integrations.tests.web.conftest import (  # noqa: F401
    account,
    as_ada,
    browsers,
    casts,
    foundry,
    foundry_server,
    link,
    world,
)
from idonethis.privacy.deactivation import deactivate, reactivate
from idonethis.privacy.deletion import CannotGo

pytestmark = pytest.mark.django_db


@pytest.fixture
def exported(link, as_ada, ada, grace, team):  # noqa: F811
    mine = Entry.objects.log(Draft(body="Wrote <notes> for Mr Babbage"), team=team, user=ada)
    theirs = Entry.objects.log(Draft(body="Found a moth"), team=team, user=grace)
    Comment.objects.create(entry=theirs, user=ada, body="Well found")
    Comment.objects.create(entry=mine, user=grace, body="For Grace alone")
    link.config |= {"how": "suggest"}
    link.save()
    casts(link, body="Cast a gear in secret")
    ApiToken.objects.make(ada, name="My scripts", scopes=["read"])
    response = as_ada.post("/settings/data/export")
    assert response["Content-Disposition"].startswith("attachment; filename=")
    with zipfile.ZipFile(io.BytesIO(response.content)) as archive:
        return {name: archive.read(name).decode() for name in archive.namelist()}


def rows(exported, name):
    return [json.loads(line) for line in exported[f"{name}.jsonl"].splitlines()]


def test_everything_of_theirs_is_in_it(exported, link, ada):  # noqa: F811
    assert rows(exported, "profile")[0]["email"] == "ada@example.org"
    assert [row["body"] for row in rows(exported, "entries")] == ["Wrote <notes> for Mr Babbage"]
    (suggested,) = rows(exported, "suggestions")
    assert (suggested["body"], suggested["state"]) == ("Cast a gear in secret", "pending")
    assert [row["body"] for row in rows(exported, "comments")] == ["Well found"]
    assert rows(exported, "identities")[0]["login"] == "ada-l"
    assert rows(exported, "links")[0]["hash_id"] == link.hash_id
    assert rows(exported, "tokens")[0]["name"] == "My scripts"
    actions = {row["action"] for row in rows(exported, "changes")}
    assert {"identity.connected", "link.made", "data.exported"} <= actions


def test_nothing_of_others_and_no_key_is_in_it(exported, world, link):  # noqa: F811
    everything = "".join(exported.values())
    for unwanted in ("Found a moth", "For Grace alone", "grace@example.org"):
        assert unwanted not in everything
    assert ApiToken.objects.get().hashed not in everything
    for secret in (world.grants[0].access, str(link.registered_hook.signing_secret)):
        assert secret not in everything


def test_the_page_in_it_shows_what_was_typed_as_it_was_typed(exported):
    assert "Wrote &lt;notes&gt; for Mr Babbage" in exported["index.html"]
    assert "src=" not in exported["index.html"]


def test_that_it_was_taken_is_written_down(exported, ada):
    assert AuditRecord.objects.filter(action="data.exported", who=ada.hash_id).exists()


def test_somebody_without_access_is_signed_out_and_can_come_back(client, ada, grace, team):
    assert client.login(email="grace@example.org", password="cobol")
    assert client.get("/settings").status_code == 200
    deactivate(grace)
    assert client.get("/settings").status_code == 302
    assert not client.login(email="grace@example.org", password="cobol")
    assert team.has_member(grace)
    reactivate(grace)
    assert client.login(email="grace@example.org", password="cobol")


def test_the_last_administrator_keeps_the_access(ada):
    ada.is_superuser = ada.is_staff = True
    ada.save()
    with pytest.raises(CannotGo, match="Nobody else administers"):
        deactivate(ada)


def test_only_the_password_deletes(client, grace, team):
    client.force_login(grace)
    assert client.post("/settings/data/delete", {"password": "guessed"}).status_code == 422
    grace.refresh_from_db()
    assert not grace.is_former
    response = client.post("/settings/data/delete", {"password": "cobol"}, follow=True)
    assert "Your account is deleted" in response.content.decode()
    grace.refresh_from_db()
    assert grace.is_former and not client.login(email="grace@example.org", password="cobol")
