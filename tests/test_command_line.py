"""The command line, without a server, and against one that runs."""

from __future__ import annotations

import subprocess
import sys
import time
from datetime import date, timedelta

import pytest

from idonethis.accounts.models import ApiToken
from idonethis.entries.models import Entry
from idonethis.teams.models import Team
from tests.between import Line
from tests.site import free_port
from tests.typing_in import ROOT, Terminal

served = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def terminal(tmp_path):
    return Terminal(tmp_path / "home")


@pytest.fixture
def token(ada):
    return ApiToken.objects.make(ada, name="My terminal", scopes=["read", "write"])[1]


@pytest.fixture
def line(live_server):
    line = Line(live_server.url)
    yield line
    line.close()


@pytest.fixture
def adas(terminal, line, team, token):
    return terminal.log_in(line.url, token)


def bodies():
    return list(Entry.objects.alive().order_by("pk").values_list("body", flat=True))


def texts(terminal, part="waiting"):
    return [path.read_text().partition("\n\n")[2] for path in terminal.notes(part)]


# Without a server


@pytest.mark.parametrize("shell", ["dash", "bash"])
def test_the_name_works_where_the_word_done_belongs_to_the_shell(terminal, shell):
    for name in ("did", "idt", "goal", "blocker", "\\done"):
        assert "It is kept" in terminal.types(f'{name} "Turned the crank"', shell=shell)
    assert "yntax error" in terminal.types('done "Turned the crank"', status=2, shell=shell)


def test_what_is_typed_without_a_network_is_kept_in_one_line(terminal):
    (terminal.folder / ".done.toml").write_text(f'server = "http://127.0.0.1:{free_port()}"')
    said = terminal.types("did Turned the crank")
    assert said.count("\n") == 1 and "It is kept" in said
    assert texts(terminal) == ["Turned the crank"]


def test_lines_are_kept_in_their_order(terminal):
    terminal.types("seq 1 12 | did -")
    assert texts(terminal) == [str(number) for number in range(1, 13)]


@pytest.mark.parametrize(
    ("said", "days"), [("today", 0), ("yesterday", -1), ("tomorrow", 1), ("2026-02-03", None)]
)
def test_days_have_names(terminal, said, days):
    (told,) = terminal.told(f"did --day {said} x")
    expected = "2026-02-03" if days is None else str(date.today() + timedelta(days=days))
    assert told["day"] == expected


def test_a_weekday_is_the_last_one_and_today_counts(terminal):
    today = date.today()
    (told,) = terminal.told(f"did --day {today:%a} x")
    assert told["day"] == str(today)
    (told,) = terminal.told(f"did --day {today + timedelta(days=1):%A} x")
    assert told["day"] == str(today - timedelta(days=6))


@pytest.mark.parametrize("line", ["did --day never x", "did ''", "did undo", "did login file:///x"])
def test_what_cannot_be_is_said_in_one_line_and_keeps_nothing(terminal, line):
    said = terminal.types(line, status=1)
    assert said.count("\n") == 1 and terminal.notes("waiting") == []
    assert list(terminal.told(line, status=1)) == ["error"]


def test_what_is_asked_wrongly_ends_with_2(terminal):
    terminal.types("did --colour x", status=2)


def test_what_waits_is_undone_first(terminal):
    terminal.types("did one; did two; did undo")
    assert texts(terminal) == ["one"]


def test_a_token_goes_to_no_server_without_tls(terminal):
    said = terminal.types("echo idt_x | did login --token http://log.example.org", status=1)
    assert "Nothing was sent" in said


def test_a_commit_loads_no_slow_module():
    asked = (
        "import sys; sys.path.append(sys.argv[1]); import idonethis_cli.commit; print(*sys.modules)"
    )
    command = [sys.executable, "-I", "-S", "-c", asked, str(ROOT)]
    loaded = subprocess.run(command, capture_output=True, text=True, check=True).stdout.split()
    assert set(loaded) & {"json", "re", "typing", "argparse", "urllib", "hashlib", "ssl"} == set()


# Commits


@pytest.fixture
def repository(terminal):
    terminal.types("git init -q -b main . && git config user.email ada@example.org")
    terminal.types(
        "git config user.name Ada && git remote add origin git@example.org:ada/engine.git"
    )
    return terminal


def commit(message, *more):
    return f"git commit -q --allow-empty -m '{message}' {' '.join(more)}"


def test_a_commit_is_written_down_with_where_it_stands(repository):
    repository.types("did hook install --branches 'main release/*'")
    repository.types(commit("Cast a gear"))
    sha = repository.types("git rev-parse --short HEAD").strip()
    repository.types("git checkout -q -b release/1 &&" + commit("Release it"))
    repository.types("git checkout -q -b else &&" + commit("Try something"))
    assert texts(repository)[0] == f"Cast a gear (engine {sha}, main)"
    assert [text.partition(" (")[0] for text in texts(repository)] == ["Cast a gear", "Release it"]


def test_what_is_amended_or_rebased_is_no_new_commit(repository):
    repository.types("did hook install --branches '*'")
    repository.types(commit("Cast a gear"))
    repository.types("git commit -q --allow-empty --amend -m 'Cast a big gear'")
    repository.types("git checkout -q -b side && echo 1 > one && git add . &&" + commit("Side"))
    repository.types("git checkout -q main && echo 2 > two && git add . &&" + commit("Main"))
    repository.types("git checkout -q side && git rebase -q main")
    assert [text.partition(" (")[0] for text in texts(repository)] == [
        "Cast a gear",
        "Side",
        "Main",
    ]


def test_a_commit_never_fails_for_it(repository):
    repository.types("did hook install --branches main")
    hook = repository.folder / ".git/hooks/post-commit"
    hook.write_text(hook.read_text().replace(sys.executable, "/nowhere/python"))
    repository.types(commit("Without Python"))
    repository.types("did hook install --branches main")
    (repository.home / ".local").write_text("no folder")
    assert "not logged" in repository.types(commit("Without a folder"))


def test_a_hook_that_was_there_stays_and_runs(repository):
    hook = repository.folder / ".git/hooks/post-commit"
    hook.write_text("#!/bin/sh\necho before\nexit 0\n")
    hook.chmod(0o755)
    before = hook.read_text()
    repository.types("did hook install --branches main; did hook install --branches main")
    assert repository.types(commit("Cast a gear")).count("before") == 1
    assert len(repository.notes("waiting")) == 1
    repository.types("did hook remove")
    assert hook.read_text() == before


def test_a_hook_of_another_language_is_left_alone(repository):
    hook = repository.folder / ".git/hooks/post-commit"
    hook.write_text("#!/usr/bin/env python3\n")
    assert "Nothing was changed" in repository.types("did hook install", status=1)
    assert hook.read_text() == "#!/usr/bin/env python3\n"


def test_how_long_a_commit_waits(repository, capsys):
    """Prints it, and judges nothing: the machine of a test has other things to do."""
    repository.types("did hook install --branches main")
    repository.types(commit("Cast a gear"))
    hook = str(repository.folder / ".git/hooks/post-commit")
    times = []
    for _ in range(20):
        begun = time.perf_counter()
        subprocess.run([hook], cwd=repository.folder, env=repository.env, check=True)
        times.append(time.perf_counter() - begun)
    with capsys.disabled():
        print(f"\nA hook takes {sorted(times)[10] * 1000:.1f} ms, at best {min(times) * 1000:.1f}.")


# Against a server


class TestServed:
    pytestmark = served

    def test_an_entry_arrives_by_the_rules_of_the_page(self, adas):
        said = adas.types("did '[] Oil the mill #mill'") + adas.types("blocker 'No oil'")
        assert said == "✓ [] Oil the mill #mill\n! No oil\n"
        kinds = Entry.objects.order_by("pk").values_list("kind", "body")
        assert list(kinds) == [("goal", "Oil the mill #mill"), ("blocked", "No oil")]

    def test_the_token_is_for_its_owner_alone(self, adas, token):
        kept = adas.home / ".config/done/logins.json"
        assert (kept.stat().st_mode & 0o777, token in kept.read_text()) == (0o600, True)
        others = [path for path in adas.home.rglob("*") if path.is_file() and path != kept]
        assert not any(token in path.read_text() for path in others)

    def test_what_waited_is_sent_before_what_comes(self, adas, line, tmp_path):
        closed = f"http://127.0.0.1:{free_port()}"
        line.there, there = closed, line.there
        assert "It is kept" in adas.types("did one")
        assert "cannot be reached" in adas.types("did two; did log", status=1)
        line.there = there
        adas.types("did three")
        assert bodies() == ["one", "two", "three"] and adas.notes("waiting") == []

    def test_killed_before_the_answer_it_is_logged_once(self, adas, line):
        line.holds = "POST"
        process = adas.start("exec did 'Turned the crank'")
        assert line.held.wait(30)
        process.kill()
        process.communicate()
        assert (bodies(), len(adas.notes("waiting"))) == (["Turned the crank"], 1)
        line.holds = ""
        adas.types("did sync")
        assert (bodies(), adas.notes("waiting")) == (["Turned the crank"], [])
        assert line.passed.count("POST /api/v2/entries") == 2

    def test_killed_again_and_again_all_arrive_once_and_in_their_order(
        self, terminal, line, request
    ):
        terminal.types("seq 1 30 | did -")
        request.getfixturevalue("adas")
        for seconds in (0.3, 0.4, 0.5, 0.6):
            process = terminal.start("exec did sync")
            time.sleep(seconds)
            process.kill()
            process.communicate()
        terminal.types("did sync")
        assert bodies() == [str(number) for number in range(1, 31)]

    def test_many_at_once_log_each_once_and_lose_none(self, adas, line):
        started = [adas.start(f"did 'Gear {number}'") for number in range(6)]
        for process in started:
            process.communicate(timeout=60)
            assert process.returncode == 0
        adas.types("did sync")
        assert sorted(bodies()) == [f"Gear {number}" for number in range(6)]
        assert line.passed.count("POST /api/v2/entries") == 6

    def test_what_is_refused_is_kept_and_named_with_what_to_do(self, adas):
        said = adas.types("did --team Loom 'Wove a carpet'", status=1)
        assert "You have no team “Loom”, but Analytical Engines." in said and "sync --again" in said
        assert texts(adas, "refused") == ["Wove a carpet"]
        assert "Wove a carpet" in adas.types("did sync", status=1)
        adas.types("did sync --again --team 'analytical engines'")
        assert (bodies(), adas.notes("refused")) == (["Wove a carpet"], [])

    def test_one_that_is_refused_keeps_nobody_waiting(self, adas):
        adas.types(f"printf '%s\\n' {'x' * 2001} fine | did -", status=1)
        assert bodies() == ["fine"] and len(adas.notes("refused")) == 1

    def test_undoing_goes_backwards(self, adas):
        adas.types("did one; did two; did three; did undo; did undo")
        assert bodies() == ["one"]

    def test_a_commit_is_sent_by_the_next_command_and_a_picked_one_once(self, adas):
        adas.types("git init -q -b main . && git config user.email ada@example.org")
        adas.types("git config user.name Ada && did hook install --branches '*'")
        adas.types("git branch -q old 2>/dev/null; " + commit("Begin") + "; git branch old")
        adas.types("echo 1 > one && git add . && " + commit("Cast a gear"))
        adas.types("git checkout -q old && git cherry-pick main >/dev/null")
        assert len(adas.notes("waiting")) == 3
        adas.types("did sync")
        assert [body.partition(" (")[0] for body in bodies()] == ["Begin", "Cast a gear"]

    def test_an_outsider_reads_and_logs_nothing(self, terminal, line, team, mallory):
        token = ApiToken.objects.make(mallory, name="t", scopes=["read", "write"])[1]
        terminal.log_in(line.url, token)
        terminal.types(f"did --team {team.hash_id} 'I was here'", status=1)
        terminal.types(f"did log --team {team.hash_id}", status=1)
        assert bodies() == []

    def test_a_folder_that_names_another_server_gets_no_token(self, adas, line):
        stranger = Line(line.there)
        (adas.folder / ".done.toml").write_text(f'server = "{stranger.url}"')
        assert "not logged in" in adas.types("did 'A secret'")
        adas.types("did log", status=1)
        assert stranger.passed == []
        stranger.close()

    def test_a_token_follows_nobody_to_another_server(self, adas, line):
        stranger = Line(line.there)
        line.leads = stranger.url
        assert "It is kept" in adas.types("did 'A secret'")
        assert stranger.passed == []
        stranger.close()

    def test_a_server_that_says_nothing_keeps_nobody(self, adas, line):
        line.holds, adas.env["DID_PATIENCE"] = "GET", "1"
        assert "no answer in time" in adas.types("did one")

    def test_a_file_above_the_folder_names_the_team(self, adas, ada):
        Team.objects.create(name="Loom").join(ada)
        assert "You are in 2 teams" in adas.types("did first")
        (adas.home / ".done.toml").write_text('team = "Loom"')
        assert "You are in 2 teams" in adas.types("did second")
        adas.types("did teams 'Analytical Engines'; did sync")
        teams = Entry.objects.order_by("body").values_list("body", "team__name")
        assert list(teams) == [("first", "Analytical Engines"), ("second", "Loom")]

    def test_the_log_shows_orders_to_the_terminal_as_nothing(self, adas, team, ada):
        adas.types("did 'Turned the crank'")
        Entry.objects.update(body="Turned \x1b[31mthe crank")
        said = adas.types("did log")
        assert "✓ Turned [31mthe crank  Ada Lovelace" in said and "\x1b" not in said

    def test_logging_out_forgets(self, adas, line):
        assert "until you end it there" in adas.types("did logout")
        assert "No server is known" in adas.types("did one")
        assert "not logged in" in adas.types(f"did logout {line.url}", status=1)
