"""What came in long ago goes, into the archive where there is one. What waits stays, and so does
the log."""

from __future__ import annotations

import threading
from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path

import orjson
import pytest
from django.db import connections
from django.utils import timezone

from idonethis.alone import one_at_a_time
from idonethis.entries.models import Entry
from idonethis.entries.traces import Traces
from idonethis.integrations.keeping.archive import read
from idonethis.integrations.keeping.keeping import LOCK, Keeping
from idonethis.integrations.keeping.plan import Plan
from idonethis.integrations.keeping.window import Window, said
from idonethis.integrations.models import (
    Bygone,
    Erasure,
    IntegrationUser,
    Job,
    Receipt,
    Replay,
    Storm,
    Suggestion,
    UnclaimedPerson,
    apart,
    days,
)
from idonethis.integrations.models.match import Match
from idonethis.integrations.models.selection import Selection
from idonethis.integrations.reads import EMPTIED
from idonethis.integrations.tests.coming import comes, done, standing, work
from idonethis.integrations.tests.killed import killed
from idonethis.integrations.tests.lying import age, lay_apart

pytestmark = pytest.mark.django_db

LONG_AGO, VERY_LONG_AGO = timedelta(days=100), timedelta(days=190)


def grow_old(receipts=None, *, by=LONG_AGO) -> None:
    at = timezone.now() - by
    rows = Receipt.objects.all() if receipts is None else receipts
    rows.update(received_at=at, due_at=at)
    age()


def is_kept(receipt: Receipt | None = None) -> bool:
    """Such that it can be read again; if not, nothing of it lies anywhere."""
    receipt = receipt or Receipt.objects.get()
    if not receipt.has_request:
        assert not receipt.request and (not apart.is_used() or not _is_apart(receipt))
        return False
    return bool(receipt.hook.json)


def _is_apart(receipt: Receipt) -> bool:
    asked = "SELECT 1 FROM integrations_request WHERE receipt_id = %s"
    return bool(apart.rows(asked, [receipt.pk]))


def go(folder: Path | None = None) -> Keeping:
    """All that the server lets go by itself on a day."""
    keeping = Keeping(folder)
    while keeping.drain():
        pass
    return keeping


def archived(folder: Path) -> list[dict]:
    files = sorted(folder.glob("*.jsonl.zst"))
    return [orjson.loads(line) for file in files for line in read(file)]


@pytest.fixture
def came(link, signed):
    return lambda *contents: comes(link, signed, *contents)


@pytest.fixture
def many(link):
    """Receipts of two days long ago, which became nothing. On PostgreSQL, one half was stored
    before requests lay apart."""

    def make(count: int, *, days: int = 2) -> None:
        at = timezone.now() - LONG_AGO
        request = Receipt.objects.earliest("pk").stored
        Receipt.objects.bulk_create(
            Receipt(
                integration_type="acme",
                link_id=link.pk,
                read_for=link.pk,
                delivery_key=f"many-{number}",
                request=request,
                state="done",
                outcome="duplicate",
                received_at=at + timedelta(days=number * days // count),
                due_at=at,
            )
            for number in range(count)
        )
        lay_apart(each=2)

    return make


def test_what_came_in_lately_stays(came):
    receipt = came(done("gear"))
    go()
    receipt.refresh_from_db()
    assert receipt.has_request and not Bygone.objects.exists() and said() == ""


def test_what_came_in_long_ago_loses_its_request_and_later_its_line(came):
    came(done("gear"))
    grow_old()
    go()
    go()
    receipt = Receipt.objects.get()
    assert (receipt.state, receipt.stored, receipt.outcome) == (EMPTIED, b"", "created")
    grow_old(by=VERY_LONG_AGO)
    go()
    assert not Receipt.objects.exists() and standing() == ["Made gear"]
    assert not apart.is_used() or days._old(Window.of_settings().before.date()) == []


def test_with_zero_days_everything_is_kept(came, settings):
    settings.KEEP_RECEIPTS_DAYS = 0
    came(done("gear"))
    grow_old(by=timedelta(days=4000))
    go()
    assert is_kept()


def test_for_ever_may_be_said_in_days(settings):
    settings.KEEP_RECEIPTS_DAYS = 999_999_999
    assert Window.of_settings()


@pytest.mark.parametrize("by", [LONG_AGO, VERY_LONG_AGO])
def test_a_repeat_of_what_has_gone_makes_no_second_entry(came, arrives, link, by):
    came(done("gear"))
    grow_old(by=by)
    go()
    go()
    assert arrives(link, done("gear"), **{"x-acme-delivery": "again"}).status_code == 200
    arrives(link, done("gear"), **{"x-acme-delivery": "delivery-0"})
    work()
    assert standing() == ["Made gear"]
    assert set(Receipt.objects.exclude(state=EMPTIED).values_list("outcome", flat=True)) == {
        "duplicate"
    }


@pytest.mark.parametrize("state", ["due", "bare", "held"])
def test_what_is_not_through_stays(came, state):
    came(done("gear"))
    grow_old()
    Receipt.objects.update(state=state)
    go()
    assert is_kept()


def test_what_waits_for_a_person_stays_until_the_team_ignores_them(came):
    came(done("gear", uid="1906"))
    grow_old()
    go()
    assert is_kept()
    UnclaimedPerson.objects.get().ignore()
    go()
    assert not is_kept()


def test_what_is_suggested_stays_until_somebody_decides(came, link, ada):
    came(done("gear"))
    waiting = Suggestion.objects.create(
        team=link.team,
        user=ada,
        link=link,
        key="gear",
        body="Made gear",
        day=timezone.localdate(),
        moved_at=timezone.now(),
        expires_at=timezone.now() + LONG_AGO,
    )
    grow_old()
    Receipt.objects.update(suggestion=waiting.hash_id, outcome="suggested")
    go()
    assert is_kept()
    Suggestion.objects.update(state="dismissed")
    go()
    assert not is_kept()


def test_what_somebody_did_who_is_unknown_elsewhere_goes_once_it_is_an_entry(came, team):
    came(done("gear"))
    UnclaimedPerson.objects.create(team=team, integration_type="acme", key="1815")
    grow_old()
    go()
    assert not is_kept()


def test_what_was_read_again_a_moment_ago_stays(came):
    came(done("gear"))
    grow_old()
    Receipt.objects.update(due_at=timezone.now())
    go()
    assert is_kept()


def test_what_a_storm_is_made_of_stays(came, link):
    receipt = came(done("gear"))
    grow_old()
    Storm.objects.begin(link.pk, began_at=timezone.now(), first_receipt=receipt.pk)
    go()
    assert is_kept()


def test_nothing_goes_while_a_replay_runs(came, link):
    came(done("gear"))
    grow_old()
    Replay.begin(Selection(link=link.hash_id), user=None)
    go()
    assert is_kept()
    Job.objects.update(state="done")
    go()
    assert not is_kept()


def test_nothing_goes_into_a_file_while_somebody_is_being_removed(came, tmp_path):
    came(done("gear", "Told Ada Lovelace"))
    grow_old()
    Erasure.objects.begin(Traces.of(["Ada Lovelace"]), actors=[], entries=[])
    go(tmp_path)
    assert archived(tmp_path) == []
    while Erasure.drain():
        pass
    go(tmp_path)
    assert "Ada Lovelace" not in str(archived(tmp_path))
    assert len(archived(tmp_path)) == 1


def test_who_is_removed_is_removed_from_what_has_lost_its_request(came):
    came(done("gear"))
    grow_old()
    go()
    assert not is_kept()
    Receipt.objects.update(why="By Ada Lovelace")
    Erasure.objects.begin(Traces.of(["Ada Lovelace"]), actors=["1815"], entries=[])
    while Erasure.drain():
        pass
    receipt = Receipt.objects.get()
    assert "Ada" not in receipt.why and receipt.actor_key == "" and receipt.stored == b""


def test_what_has_no_request_is_not_read_again(came, link):
    came(done("gear"))
    grow_old()
    go()
    assert Selection(link=link.hash_id).receipts().count() == 0


def test_a_match_takes_back_only_what_is_still_kept(came, team, ada):
    known = IntegrationUser.objects.get()
    came(done("gear"))
    assert Match(known, team).entries.count() == 1
    grow_old()
    go()
    assert Match(known, team).entries.count() == 0


def test_a_day_lies_in_a_file_of_its_own_which_was_read_back(came, many, tmp_path):
    came(done("gear"))
    many(6)
    go(tmp_path)
    files = Bygone.objects.archived()
    assert [each.receipts for each in files] == [3, 3]
    assert [Path(each.file).stat().st_size for each in files] == [each.size for each in files]
    assert {Path(each.file).stat().st_mode & 0o777 for each in files} == {0o600}
    assert [each["delivery"] for each in archived(tmp_path)] == [f"many-{n}" for n in range(6)]
    assert Receipt.objects.filter(state=EMPTIED).count() == 6
    assert not Bygone.objects.going().exists() and list(tmp_path.glob("*.unfinished")) == []


def test_the_archive_says_what_came_and_what_became_of_it(came, link, tmp_path):
    receipt = came(done("gear"))
    grow_old()
    go(tmp_path)
    (line,) = archived(tmp_path)
    assert line["receipt"] == receipt.pk and line["link"] == link.hash_id
    assert line["outcome"] == "created" and line["entry"] == Entry.objects.get().hash_id
    assert orjson.loads(line["request"]["body"])["key"] == "gear"


def test_no_secret_lies_in_the_archive(link, signed, tmp_path):
    comes(link, signed, done("gear") | {"access_token": "let-me-in", "note": "ghp_" + "a" * 36})
    grow_old()
    go(tmp_path)
    assert "let-me-in" not in str(archived(tmp_path)) and "ghp_" not in str(archived(tmp_path))
    assert link.signing_secret not in str(archived(tmp_path))


def test_nothing_goes_where_the_archive_cannot_be_written(came, tmp_path):
    came(done("gear"))
    grow_old()
    taken = tmp_path / "archive"
    taken.write_text("no folder")
    assert "cannot be written" in go(taken).trouble
    assert is_kept()
    taken.unlink()
    go(taken)
    assert len(archived(taken)) == 1


def whole(bygone: Bygone) -> bytes:
    return Path(bygone.file).read_bytes()


@pytest.mark.parametrize("torn", [b"torn", b""], ids=["torn", "with more in it"])
def test_nothing_goes_by_a_file_that_is_not_as_it_was_written(came, many, tmp_path, torn):
    came(done("gear"))
    many(4)
    go(tmp_path)
    first, second = Bygone.objects.archived()
    Receipt.objects.filter(delivery_key="many-0").update(state="done", request=b"x")
    Path(first.file).write_bytes(torn or Path(second.file).read_bytes() + whole(first))
    Bygone.objects.filter(pk=first.pk).update(is_going=True)
    keeping = Keeping(tmp_path)
    keeping.take_up()
    assert Receipt.objects.get(delivery_key="many-0").state == "done"
    assert not Bygone.objects.going().exists()


def test_what_changed_after_it_was_written_is_not_taken_for_what_lies_in_the_file(
    came, many, tmp_path
):
    came(done("gear"))
    many(4)
    go(tmp_path)
    Receipt.objects.filter(delivery_key="many-0").update(state="done", outcome="created")
    Bygone.objects.update(is_going=True)
    Keeping(tmp_path).take_up()
    assert Receipt.objects.get(delivery_key="many-0").state == "done"


def test_what_a_backup_brought_back_goes_once_more(came, many, tmp_path):
    came(done("gear"))
    many(4)
    before = [(each.pk, each.stored, each.more) for each in Receipt.objects.all()]
    go(tmp_path)
    for pk, request, more in before:
        Receipt.objects.filter(pk=pk, state=EMPTIED).update(
            state="done", request=request, more=more
        )
    go(tmp_path)
    assert Receipt.objects.filter(state=EMPTIED).count() == 4 == len(archived(tmp_path))


def test_a_name_that_is_taken_is_never_written_over(came, many, tmp_path):
    came(done("gear"))
    many(2, days=1)
    go(tmp_path)
    (path,) = tmp_path.glob("*.zst")
    Receipt.objects.filter(state=EMPTIED).update(state="done", request=b"x", outcome="created")
    before = path.read_bytes()
    go(tmp_path)
    assert path.read_bytes() == before and len(list(tmp_path.glob("*.zst"))) == 2


def test_a_plan_says_how_much_would_go_and_changes_nothing(came, many):
    came(done("gear", uid="1906"))
    grow_old()
    many(4)
    plan = Plan.of(Window.of_settings())
    assert (plan.receipts, len(plan.days), plan.waiting) == (4, 2, 1)
    assert plan.size == 4 * len(Receipt.objects.earliest("pk").stored)
    assert not Bygone.objects.exists() and not Receipt.objects.filter(state=EMPTIED).exists()


def test_a_long_day_is_several_files(came, many, tmp_path, monkeypatch):
    monkeypatch.setattr("idonethis.integrations.keeping.archive.LARGE", 10)
    monkeypatch.setattr("idonethis.integrations.keeping.archive.AT_ONCE", 2)
    came(done("gear"))
    many(5, days=1)
    go(tmp_path)
    assert [each.receipts for each in Bygone.objects.archived()] == [2, 2, 1]
    assert len(archived(tmp_path)) == 5


@pytest.mark.django_db(transaction=True)
class TestADeath:
    """``kill -9`` in the middle: afterwards every receipt lies in the archive once, and nothing
    that is in none is gone."""

    COUNT = 300

    @pytest.fixture
    def full(self, came, many):
        came(done("gear"))
        many(self.COUNT)

    def emptied(self) -> int:
        return Receipt.objects.filter(state=EMPTIED).count()

    def whole(self, folder: Path) -> None:
        lying = Counter(each["delivery"] for each in archived(folder))
        gone = Receipt.objects.filter(state=EMPTIED).values_list("delivery_key", flat=True)
        assert set(gone) <= set(lying) and set(lying.values()) <= {1}

    def after(self, folder: Path) -> None:
        self.whole(folder)
        go(folder)
        self.whole(folder)
        assert self.emptied() == self.COUNT == len(archived(folder))
        assert not Bygone.objects.going().exists() and not list(folder.glob("*.unfinished"))
        assert standing() == ["Made gear"]

    def test_while_a_file_is_written(self, full, tmp_path):
        assert killed(lambda: go(tmp_path), once=lambda: any(tmp_path.glob("*.unfinished")))
        assert self.emptied() == 0
        self.after(tmp_path)

    def test_once_it_has_its_name(self, full, tmp_path):
        assert killed(lambda: go(tmp_path), once=lambda: any(tmp_path.glob("*.zst")))
        self.after(tmp_path)

    @pytest.mark.parametrize("share", [1, 3])
    def test_while_receipts_go(self, full, tmp_path, share):
        some = self.COUNT * share // 5
        assert killed(lambda: go(tmp_path), once=lambda: self.emptied() >= some)
        assert 0 < self.emptied() < self.COUNT
        self.after(tmp_path)

    def test_again_and_again(self, full, tmp_path):
        tmp_path.rmdir()
        seen = [0]

        def grown() -> bool:
            seen.append(len(list(tmp_path.glob("*"))) + self.emptied())
            return seen[-1] > seen[0] + 20

        for _ in range(4):
            seen[:] = [len(list(tmp_path.glob("*"))) + self.emptied()]
            killed(lambda: go(tmp_path), once=grown)
        self.after(tmp_path)

    def test_without_an_archive(self, full):
        assert killed(go, once=lambda: self.emptied() >= 50)
        go()
        assert self.emptied() == self.COUNT and "gone" in said()


@pytest.mark.django_db(transaction=True)
def test_while_days_go_nothing_that_comes_in_is_lost(came, many, arrives, link, tmp_path):
    came(done("gear"))
    many(300)
    letting_go = threading.Thread(target=_go_elsewhere, args=(tmp_path,))
    letting_go.start()
    sent = 0
    while letting_go.is_alive() and sent < 400:
        sent += arrives(link, done(f"axle-{sent}")).status_code == 200
    letting_go.join()
    work()
    assert sent and len(standing()) == sent + 1
    assert len(archived(tmp_path)) == 300 == Receipt.objects.filter(state=EMPTIED).count()


def _go_elsewhere(folder: Path) -> None:
    try:
        go(folder)
    finally:
        connections.close_all()


@pytest.mark.django_db(transaction=True)
def test_one_process_lets_go_at_a_time(came, tmp_path):
    came(done("gear"))
    grow_old()
    elsewhere = threading.Thread(target=_go_elsewhere, args=(tmp_path,))
    with one_at_a_time(LOCK) as mine:
        elsewhere.start()
        elsewhere.join()
    assert mine and is_kept()
    go(tmp_path)
    assert not is_kept()


def test_days_go_as_a_whole(settings):
    window = Window.of_settings()
    assert window.before == window.before.replace(hour=0, minute=0, second=0, microsecond=0)
    assert window.before.date() == (datetime.now(UTC) - timedelta(days=90)).date()
