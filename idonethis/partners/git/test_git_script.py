"""The script that ``setup.md`` gives to be pasted, run by git itself."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import textwrap
from pathlib import Path

import orjson
import pytest

from idonethis.integrations.base import Growing, Hook, Rewritten
from idonethis.integrations.markdown import setup_text
from idonethis.integrations.plain_link import PlainLink
from idonethis.partners.git.integration import integration

pytestmark = pytest.mark.skipif(
    not all(map(shutil.which, ("git", "awk", "iconv"))), reason="There is no git here."
)

#: In place of curl: keeps what it is told to send, and what it reads.
CURL = """#!/bin/sh
cat > "$KEPT.config"
for given in "$@"; do
  case $given in '{'*) printf '%s\\n' "$given" | tee "$KEPT" >> "$KEPT.all" ;; esac
done
printf '%s\\n' "$@" > "$KEPT.arguments"
"""


class Repository:
    """A bare one with the hook in it, and a clone in which somebody works."""

    def __init__(self, folder: Path) -> None:
        self.kept = folder / "sent"
        tools = folder / "tools"
        tools.mkdir()
        self._executable(tools / "curl", CURL)
        self.bare, self.clone = folder / 'the "engine".git', folder / "clone"
        self.environ = {
            "PATH": f"{tools}:{os.environ['PATH']}",
            "HOME": str(folder),
            "KEPT": str(self.kept),
            "REMOTE_USER": "ada",
            "GIT_CONFIG_NOSYSTEM": "1",
            "GIT_COMMITTER_DATE": "2026-11-23T15:04:05+00:00",
            **{f"GIT_{who}_NAME": "Ada Lovelace" for who in ("AUTHOR", "COMMITTER")},
            **{f"GIT_{who}_EMAIL": "ada@example.org" for who in ("AUTHOR", "COMMITTER")},
        }
        self.run("init", "-q", "--bare", "-b", "main", str(self.bare), at=folder)
        self.run("clone", "-q", str(self.bare), str(self.clone), at=folder)
        self.run("checkout", "-q", "-b", "main")
        self._executable(self.bare / "hooks" / "post-receive", script())

    def _executable(self, path: Path, text: str) -> None:
        path.write_text(text)
        path.chmod(0o700)

    def run(self, *words: str, at: Path | None = None) -> str:
        done = subprocess.run(
            ["git", *words],
            cwd=at or self.clone,
            env=self.environ,
            check=True,
            capture_output=True,
            text=True,
        )
        return done.stderr

    def commit(self, message: str) -> None:
        self.run("commit", "-q", "--allow-empty", "-m", message)

    def push(self, *words: str):
        """What was told of it; nothing, where nothing was."""
        self.kept.unlink(missing_ok=True)
        said = self.run("push", "-q", "origin", *words)
        assert "not told" not in said and "rror" not in said, said
        return orjson.loads(self.kept.read_bytes()) if self.kept.exists() else None


def script() -> str:
    [block] = re.findall(r"```\n(.+?)```", setup_page(), re.DOTALL)
    address = "https://log.example.org/hook/1"
    filled: str = textwrap.dedent(f"   {block.lstrip()}")
    return filled.replace("ADDRESS", address).replace("SECRET", "a secret")


def setup_page() -> str:
    return (Path(__file__).parent / "setup.md").read_text()


@pytest.fixture
def repository(tmp_path) -> Repository:
    return Repository(tmp_path)


def read(body):
    [event] = integration.read(Hook(orjson.dumps(body)), PlainLink())
    return event


def test_it_stands_on_the_page_as_code():
    assert "<code>#!/bin/sh\n" in setup_text(integration)


def test_a_push_is_told_in_full_and_becomes_an_entry(repository):
    repository.commit("Carry the tens\n\nWithout losing any.")
    repository.commit('Print "all" the tables\\, née Tafeln')
    body = repository.push("main")
    assert (body["pusher"], body["default_branch"]) == ("ada", "main")
    draft = read(body)
    assert isinstance(draft, Growing) and not isinstance(draft, Rewritten)
    assert draft.body == 'Pushed {count} commit{s} to main of the "engine"'
    texts = [detail.text for detail in draft.details]
    assert texts == ["Carry the tens", 'Print "all" the tables\\, née Tafeln']
    assert draft.occurred_at.isoformat() == "2026-11-23T15:04:05+00:00"


def test_only_what_is_new_is_told_and_merges_are_not(repository):
    repository.commit("Carry the tens")
    repository.push("main")
    repository.run("checkout", "-q", "-b", "wheel")
    repository.commit("Try a bigger wheel")
    wheel = repository.push("wheel")
    assert [each["subject"] for each in wheel["commits"]] == ["Try a bigger wheel"]
    repository.run("checkout", "-q", "main")
    repository.run("merge", "-q", "--no-ff", "--no-edit", "wheel")
    main = repository.push("main")
    assert [each["subject"] for each in main["commits"]] == ["Try a bigger wheel"]


def test_branches_that_are_new_together_are_told_each_in_full(repository):
    repository.commit("Carry the tens")
    repository.run("branch", "loom")
    repository.push("main", "loom")
    sent = repository.kept.with_suffix(".all").read_text().splitlines()
    told = {body["ref"]: len(body["commits"]) for body in map(orjson.loads, sent)}
    assert told == {"refs/heads/main": 1, "refs/heads/loom": 1}


def test_history_that_is_written_anew_says_so(repository):
    repository.commit("Carry the tens")
    repository.push("main")
    repository.run("commit", "-q", "--allow-empty", "--amend", "-m", "Carry all the tens")
    body = repository.push("--force", "main")
    assert body["forced"] is True and isinstance(read(body), Rewritten)


def test_tags_and_what_goes_are_not_told_of(repository):
    repository.commit("Carry the tens")
    repository.push("main", "main:wheel")
    repository.run("tag", "v1.2")
    assert repository.push("v1.2") is None
    assert repository.push("--delete", "wheel") is None


def test_an_author_who_writes_orders_into_a_name_gives_none(repository):
    repository.environ["GIT_AUTHOR_NAME"] = '$(touch pwned) `touch pwned` "}], \\'
    repository.commit("%s %n $(touch pwned) `touch pwned`\t\x07")
    [commit] = repository.push("main")["commits"]
    assert commit["name"].startswith("$(touch pwned) `touch pwned`")
    assert commit["subject"].startswith("%s %n $(touch pwned) `touch pwned`")
    assert not list(repository.bare.rglob("pwned"))


def test_the_secret_is_in_no_list_of_processes(repository):
    repository.commit("Carry the tens")
    repository.push("main")
    arguments = Path(f"{repository.kept}.arguments").read_text()
    assert "a secret" not in arguments and "https://log.example.org/hook/1" in arguments
    config = Path(f"{repository.kept}.config").read_text()
    assert config == 'header = "Authorization: Bearer a secret"\n'
