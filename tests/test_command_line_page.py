"""What docs/command-line.md says is run as it stands there, against a running server."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.utils import timezone

from idonethis.accounts.models import ApiToken
from idonethis.entries.models import Entry
from tests.curling import DOCS
from tests.typing_in import Terminal

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]


def lines() -> list[str]:
    return re.findall(r"```sh\n(.+?)\n```", (DOCS / "command-line.md").read_text(), re.DOTALL)


def decided(login, client, who, decision="yes") -> str:
    """What the terminal says after the code that it shows was typed in a browser."""
    client.force_login(who)
    code = login.stderr.readline().split()[-1]
    client.post("/device", {"user_code": code, "decision": decision})
    return "".join(login.communicate(timeout=60))


def test_every_line_does_what_the_page_says(live_server, client, ada, team, tmp_path, settings):
    settings.BASE_URL = live_server.url
    token = ApiToken.objects.make(ada, name="Of the page", scopes=["read", "write"])[1]
    terminal = Terminal(tmp_path / "home", SITE=live_server.url, TOKEN=token)
    (first, by_code, by_token, teams, choose, goal, blocker, day, piped, undo, week, mine, sync,
     again, install, remove) = lines()  # fmt: skip
    assert "No server is known" in terminal.types(first)
    assert "as Ada Lovelace" in decided(terminal.start(by_code), client, ada)
    assert "✓ Turned the crank #mill" in terminal.types(sync)
    assert "as Ada Lovelace" in terminal.types(by_token)
    assert terminal.types(teams) == terminal.types(choose)
    said = [terminal.types(line) for line in (goal, blocker, day, piped)]
    assert said == [
        "○ Oil the mill\n", "! No oil\n", "✓ Cast a gear\n", "✓ Wrote a note\n✓ [] Publish it\n"
    ]  # fmt: skip
    assert "Undone: [] Publish it" in terminal.types(undo)
    assert "Wrote a note  Ada Lovelace" in terminal.types(week)
    bodies = {"Turned the crank #mill", "Oil the mill", "No oil", "Wrote a note"}
    assert {each["body"] for each in terminal.told(mine.removesuffix(" --json"))} == bodies
    assert "Nothing waits." in terminal.types(again)
    terminal.types("git init -q -b main .")
    assert "Commits on main release/*" in terminal.types(install)
    assert "no more" in terminal.types(remove)
    assert Entry.objects.alive().count() == 5


def test_a_login_is_renewed_once_it_has_run_out_and_ended_by_logging_out(
    live_server, client, ada, team, tmp_path, settings
):
    settings.BASE_URL = live_server.url
    terminal = Terminal(tmp_path / "home")
    assert "as Ada Lovelace" in decided(terminal.start(f"did login {live_server.url}"), client, ada)
    for _ in range(2):
        ApiToken.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
        assert terminal.types("did 'Turned the crank'") == "✓ Turned the crank\n"
    ApiToken.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    for process in [terminal.start("did teams") for _ in range(4)]:
        assert "Analytical Engines" in process.communicate(timeout=60)[0]
    terminal.types("did logout")
    assert not ApiToken.objects.exists()


def test_who_says_no_lets_nobody_in(live_server, client, ada, tmp_path, settings):
    settings.BASE_URL = live_server.url
    terminal = Terminal(tmp_path / "home")
    login = terminal.start(f"did login {live_server.url}")
    assert "You said no" in decided(login, client, ada, decision="no")
    assert not (terminal.home / ".config/done/logins.json").exists()
