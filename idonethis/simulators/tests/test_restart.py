"""What is remembered over a restart."""

from __future__ import annotations

import json
import stat

import httpx
import pytest

from idonethis.simulators import store
from idonethis.simulators.github.app import GitHub
from idonethis.simulators.running import running
from idonethis.simulators.slack.app import Slack
from idonethis.simulators.store import Store, UnreadableState
from idonethis.simulators.tests.people import GitHubCaller, SlackCaller
from idonethis.simulators.visitor import PLAIN


@pytest.fixture
def path(tmp_path):
    return tmp_path / "state" / "github.json"


def me(url, api):
    token = {"Authorization": api.headers["authorization"]}
    return httpx.get(f"{url}/api/v3/user", headers=token, verify=PLAIN).json().get("login")


def test_tokens_hooks_and_repositories_go_on_after_a_restart(path, receiver):
    with running(GitHub(state_path=path)) as url:
        github = GitHubCaller(url)
        api = github.api("grace")
        hook = github.hook(f"{receiver.url}/hook")
        number = github.do("open_issue", title="Oil the mill")["number"]
        code = github.code()
        github.close()
    with running(GitHub(state_path=path)) as url:
        github = GitHubCaller(url)
        assert me(url, api) == "grace"
        receiver.got.clear()
        github.do("close_issue", number=number)
        assert receiver.got[0].json["issue"]["title"] == "Oil the mill"
        assert receiver.got[0].signed_as_github("hush")
        deliveries = github.read("hooks")["hooks"][0]["deliveries"]
        assert [d["event"] for d in deliveries] == ["issues", "issues", "ping"]
        assert len({d["id"] for d in deliveries}) == 3
        assert deliveries[0]["id"] > deliveries[1]["id"]
        assert github.api().get(f"{github.hooks}/{hook['id']}").status_code == 200
        assert "access_token" in github.exchange(code).json()
        github.close()


def test_messages_and_the_installation_go_on_after_a_restart(tmp_path):
    path = tmp_path / "slack.json"
    with running(Slack(state_path=path)) as url:
        slack = SlackCaller(url)
        token = slack.install()["access_token"]
        said = slack.do("say", text="Found a moth")
    with running(Slack(state_path=path)) as url:
        slack = SlackCaller(url)
        assert slack.messages()[0]["ts"] == said["ts"]
        assert slack.do("say", text="And another")["ts"] > said["ts"]
        assert slack.install("grace")["access_token"] == token


def test_what_was_done_is_on_disk_soon_even_if_the_process_is_killed(path):
    with running(GitHub(state_path=path)) as url:
        GitHubCaller(url).do("open_issue", title="Oil the mill")
        for _ in range(200):
            if path.exists() and "Oil the mill" in path.read_text():
                break
            GitHubCaller(url).read("faults")
        assert "Oil the mill" in path.read_text()


def test_a_clean_end_writes_what_was_not_written_yet(path, monkeypatch):
    monkeypatch.setattr(store, "SAVE_AFTER_SECONDS", 60)
    with running(GitHub(state_path=path)) as url:
        GitHubCaller(url).do("open_issue", title="Oil the mill")
        assert not path.exists()
    assert "Oil the mill" in path.read_text()


def test_the_file_is_for_its_owner_alone_and_no_draft_is_left(path):
    with running(GitHub(state_path=path)) as url:
        GitHubCaller(url).do("push")
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [file.name for file in path.parent.iterdir()] == ["github.json"]


@pytest.mark.parametrize("text", ["{", "[]", ""])
def test_a_file_that_holds_no_state_is_said_so_and_left_alone(tmp_path, text):
    path = tmp_path / "state.json"
    path.write_text(text)
    with pytest.raises(UnreadableState, match="Nothing was changed"):
        GitHub(state_path=path)
    assert path.read_text() == text


def test_a_table_that_is_newer_than_the_file_comes_from_the_seed(tmp_path):
    path = tmp_path / "state.json"
    path.write_text(json.dumps({"old": {"kept": 1}}))
    store = Store(lambda: {"old": {}, "new": {"seeded": 1}}, path)
    assert store.tables == {"old": {"kept": 1}, "new": {"seeded": 1}}


def test_a_reset_forgets_the_world_but_not_the_settings():
    with running(Slack(settings={"slash_url": "http://127.0.0.1:9/"})) as url:
        slack = SlackCaller(url)
        slack.do("say", text="x")
        slack.do("reset")
        assert slack.messages() == []
        assert slack.read("settings")["slash_url"] == "http://127.0.0.1:9/"


def test_every_call_is_a_line_of_the_journal_file_and_shows_no_secret(tmp_path):
    journal = tmp_path / "journal"
    for _ in range(2):
        with running(Slack(journal_path=journal)) as url:
            slack = SlackCaller(url)
            slack.api()("auth.test")
            slack.close()
    calls = [json.loads(line) for line in journal.read_text().splitlines()]
    paths = [call["path"] for call in calls if call["method"] == "POST"]
    assert paths == ["/oauth/v2/authorize", "/api/oauth.v2.access", "/api/auth.test"] * 2
    assert {call["status"] for call in calls} == {200, 302}
    assert "pretend-slack-secret" not in journal.read_text()
