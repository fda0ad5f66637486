"""The page of a team on which its log moves in and out, and who may press which button."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from idonethis.audit.models import AuditRecord
from idonethis.entries.models import Entry
from idonethis.integrations.models import Job
from idonethis.integrations.tests.coming import work_off
from idonethis.porting import urls
from idonethis.porting.models import Upload
from idonethis.porting.tests.moves import ADAS, STRANGER, as_csv, of_team, table
from idonethis.porting.tests.other_log import OtherLog
from idonethis.simulators.running import running

pytestmark = pytest.mark.django_db

LOGIN = "sign in first"
WHO = ("anonymous", "mallory", "charles", "grace", "ada")
READ = [LOGIN, 404, 200, 200, 200]
TABLE = {
    "moving": {"GET": READ},
    "new_upload": {"POST": [LOGIN, 404, 403, 403, 422]},
    "new_collection": {"POST": [LOGIN, 404, 403, 403, 422]},
    "export_team": {"POST": READ},
    "upload": {"GET": [LOGIN, 404, 403, 403, 200], "POST": [LOGIN, 404, 403, 403, 302]},
}


@pytest.fixture
def uploaded(team, charles, elsewhere):
    return sent(Client(), team, table(ADAS), who=team.admins().first())


def sent(client, team, content, *, who, name="log.csv"):
    client.force_login(who)
    file = SimpleUploadedFile(name, content)
    client.post(reverse("new_upload", args=[team.slug]), {"file": file})
    return Upload.objects.latest("pk")


def where(name, upload):
    return reverse(name, args=[upload.team.slug, *([upload.hash_id] if name == "upload" else [])])


def test_every_route_stands_in_the_table():
    assert {pattern.name for pattern in urls.urlpatterns} == set(TABLE)


@pytest.mark.parametrize("who", WHO)
@pytest.mark.parametrize("method", ["GET", "POST"])
@pytest.mark.parametrize("name", TABLE)
def test_a_route_answers_as_the_table_says(visitor, uploaded, name, method, who):
    answer = visitor(who).generic(
        method,
        where(name, uploaded),
        "form=csv",
        content_type="application/x-www-form-urlencoded",
    )
    row = TABLE[name].get(method, [LOGIN, 405, 405, 405, 405])
    to_sign_in = answer.get("Location", "").startswith(reverse("account_login"))
    assert (LOGIN if to_sign_in else answer.status_code) == row[WHO.index(who)]


def test_an_admin_elsewhere_does_not_reach_what_this_team_uploaded(
    client, uploaded, mallory, elsewhere
):
    client.force_login(mallory)
    assert (
        client.post(reverse("upload", args=[elsewhere.slug, uploaded.hash_id])).status_code == 404
    )
    assert not Job.objects.exists()


def test_first_it_is_shown_what_a_file_would_bring(client, team, ada):
    found = sent(client, team, table(ADAS, STRANGER, "nonsense,done,x,2015-03-02,,"), who=ada)
    page = client.get(found.get_absolute_url()).content.decode()
    assert "Import 1 entry" in page and "charles@example.org" in page and "Waits" in page
    assert "“nonsense” is no mail address" in page
    assert not Entry.objects.exists() and not Job.objects.exists()


def test_confirmed_it_comes_in_and_the_page_of_the_job_takes_it_back(client, team, ada):
    found = sent(client, team, table(ADAS, STRANGER), who=ada)
    begun = client.post(found.get_absolute_url())
    job = work_off()
    assert begun["Location"] == job.get_absolute_url() and Entry.objects.count() == 1
    page = client.get(begun["Location"]).content.decode()
    assert "Undo this import" in page and "Say who they are" in page and "Import again" in page
    client.post(reverse("undo_job", args=[job.hash_id]))
    work_off()
    assert not Entry.objects.exists()


def test_what_is_wholly_brought_in_is_not_kept(client, team, ada):
    client.post(sent(client, team, table(ADAS), who=ada).get_absolute_url())
    work_off()
    assert not Upload.objects.exists()


def test_a_button_that_is_pressed_twice_begins_one_import(client, team, ada):
    found = sent(client, team, table(ADAS), who=ada)
    first, second = (client.post(found.get_absolute_url())["Location"] for _ in range(2))
    assert first == second and Job.objects.count() == 1


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"%PDF-1.4", "does not name the columns"),
        (b"", "empty"),
        (b"a" * 3_900_001, "split it"),
        (b'{"kind":"idonethis","version":9}\n', "is of version 9"),
    ],
)
def test_a_file_that_is_refused_says_why_and_that_nothing_changed(client, team, ada, content, why):
    client.force_login(ada)
    file = SimpleUploadedFile("log.csv", content)
    answer = client.post(reverse("new_upload", args=[team.slug]), {"file": file})
    assert answer.status_code == 422 and why in answer.content.decode()
    assert not Upload.objects.exists()


def test_hostile_texts_of_a_file_are_shown_as_text(client, team, ada):
    row = '"<script>alert(1)</script>@x",done,x,"<b>soon</b>",,'
    found = sent(client, team, table(row), who=ada, name="<img src=x>.csv")
    page = client.get(found.get_absolute_url()).content.decode()
    assert "<script>alert" not in page and "<b>soon" not in page and "<img" not in page


@pytest.mark.parametrize(("form", "writes"), [("csv", as_csv), ("jsonl", of_team)])
def test_who_sees_the_log_may_take_it_along(client, team, grace, log, form, writes):
    log("Oiled it")
    client.force_login(grace)
    answer = client.post(reverse("export_team", args=[team.slug]), {"form": form})
    assert answer.content == writes(team)
    assert answer["Content-Disposition"] == f'attachment; filename="idonethis-{team.slug}.{form}"'
    assert AuditRecord.objects.get(action="log.exported").details == {"form": form}


def test_a_zip_of_pages_is_a_file_to_keep(client, team, grace, log):
    log("Oiled it")
    client.force_login(grace)
    answer = client.post(reverse("export_team", args=[team.slug]), {"form": "zip"})
    assert answer.content.startswith(b"PK")


def test_more_than_a_page_hands_out_is_left_to_who_has_the_server(
    client, team, grace, log, monkeypatch
):
    monkeypatch.setattr("idonethis.porting.views.MOST", 1)
    export = reverse("export_team", args=[team.slug])
    client.force_login(grace)
    log("Oiled it")
    assert client.post(export, {"form": "csv"}).status_code == 200
    log("Greased it")
    answer = client.post(export, {"form": "csv"})
    assert answer.status_code == 422 and "idonethis export" in answer.content.decode()


def test_whom_a_file_names_are_not_too_many_to_be_asked_for(client, team, ada, monkeypatch):
    monkeypatch.setattr("idonethis.porting.forms.MOST_PEOPLE", 1)
    client.force_login(ada)
    file = SimpleUploadedFile("log.csv", table(ADAS, STRANGER))
    answer = client.post(reverse("new_upload", args=[team.slug]), {"file": file})
    assert answer.status_code == 422 and "more than 1 people" in answer.content.decode()
    assert not Upload.objects.exists()


def test_what_was_read_is_kept_for_a_month(client, team, ada):
    sent(client, team, table(ADAS), who=ada)
    Upload.objects.update(created_at=timezone.now() - timedelta(days=29))
    sent(client, team, table(ADAS), who=ada)
    assert Upload.objects.count() == 2
    Upload.objects.update(created_at=timezone.now() - timedelta(days=31))
    newest = sent(client, team, table(ADAS), who=ada)
    assert Upload.objects.get() == newest


def test_a_form_that_there_is_not_exports_nothing(client, team, grace):
    client.force_login(grace)
    answer = client.post(reverse("export_team", args=[team.slug]), {"form": "exe"})
    assert (
        answer.status_code == 422 and not AuditRecord.objects.filter(action="log.exported").exists()
    )


def test_another_server_is_read_looked_at_and_brought_in(client, team, ada):
    client.force_login(ada)
    with running(OtherLog().app) as address:
        asked = {"address": address, "token": "let-me-in", "team": ""}
        begun = client.post(reverse("new_collection", args=[team.slug]), asked)
        job = work_off()
    assert begun["Location"] == job.get_absolute_url() and not Entry.objects.exists()
    found = Upload.objects.get()
    assert f'href="{found.get_absolute_url()}"' in client.get(begun["Location"]).content.decode()
    client.post(found.get_absolute_url())
    assert work_off().results["new"] == Entry.objects.count() > 0


def test_what_is_still_being_read_is_not_brought_in(client, team, ada):
    client.force_login(ada)
    with running(OtherLog().app) as address:
        asked = {"address": address, "token": "let-me-in"}
        client.post(reverse("new_collection", args=[team.slug]), asked)
    half = Upload.objects.get().get_absolute_url()
    assert [client.get(half).status_code, client.post(half).status_code] == [404, 404]


@pytest.mark.parametrize("token", ["wr0ng-key", "let-me-in"])
def test_a_server_that_does_not_let_us_in_is_told_and_no_token_is_kept(client, team, ada, token):
    client.force_login(ada)
    with running(OtherLog().app) as address:
        place = "http://127.0.0.1:9" if token == "let-me-in" else address
        asked = {"address": place, "token": token}
        answer = client.post(reverse("new_collection", args=[team.slug]), asked)
    page = answer.content.decode()
    assert answer.status_code == 422 and "Nothing was imported" in page and token not in page
    assert not Upload.objects.exists() and not Job.objects.exists()


def test_jobs_name_no_secret(team, ada, client):
    client.force_login(ada)
    with running(OtherLog().app) as address:
        asked = {"address": address, "token": "let-me-in"}
        client.post(reverse("new_collection", args=[team.slug]), asked)
        kept = [
            list(Job.objects.values()),
            list(Upload.objects.values()),
            list(AuditRecord.objects.values()),
        ]
        assert "let-me-in" not in json.dumps(kept, default=str)
        work_off()
    assert Upload.objects.get().sealed_token == ""
