"""Assistants as the SDK of the protocol has them: by a process of their own, ``did mcp``, and by
HTTP, against a running server."""

from __future__ import annotations

import json
import re
import shlex
import subprocess
import sys
from urllib.parse import parse_qs, urlsplit

import pytest
from asgiref.sync import sync_to_async
from django.utils import timezone
from mcp.client.auth import AuthorizationCodeResult, OAuthClientProvider
from mcp.shared.auth import OAuthClientInformationFull, OAuthClientMetadata

from idonethis.accounts.models import ApiToken, App
from idonethis.assistants.tools import TOOLS
from idonethis.entries.models import Entry
from idonethis.integrations.models import Suggestion
from tests.assisting import by_http, started, talk, with_token
from tests.curling import DOCS, Shell, lines
from tests.site import free_port
from tests.typing_in import Terminal

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]
#: As assistants of today begin, and as those of the newest revision do.
MODES = ("legacy", "auto")


@pytest.fixture(autouse=True)
def here(live_server, settings):
    settings.BASE_URL = live_server.url


@pytest.fixture
def token(ada):
    return ApiToken.objects.make(ada, name="My assistant", scopes=["read", "write"])[1]


@pytest.fixture
def terminal(tmp_path, live_server, team, token):
    return Terminal(tmp_path / "home").log_in(live_server.url, token)


# By a process


@pytest.mark.parametrize("mode", MODES)
def test_by_a_process_it_reads_and_drafts(terminal, team, mode):
    said = {"text": "[x] Oiled the #mill", "team": team.name}
    offered, (logged, day, wrong) = talk(
        started(terminal), mode, ("log", said), ("day", {}), ("complete", {"entry": "x"})
    )
    assert set(TOOLS) - set(offered) == {"complete", "reopen", "restore"}
    assert logged.structured_content["state"] == "draft"
    assert day.structured_content["entries"] == []
    assert wrong.is_error and "Nothing was done" in wrong.content[0].text
    assert Suggestion.objects.get().body == "Oiled the #mill" and not Entry.objects.exists()


@pytest.mark.parametrize("mode", MODES)
def test_where_its_person_says_so_it_logs_at_once(terminal, team, mode):
    goal, read = ("log", {"text": "[] Oil the mill ⚙"}), ("search", {"words": "mill"})
    offered, (logged, found) = talk(started(terminal, "--at-once"), mode, goal, read)
    assert offered == list(TOOLS)
    entry = Entry.objects.get()
    assert (entry.kind, entry.body) == ("goal", "Oil the mill ⚙")
    assert found.structured_content["entries"][0]["id"] == entry.hash_id


def test_a_line_that_is_no_message_is_answered_and_the_next_one_heard(terminal):
    ping = json.dumps({"jsonrpc": "2.0", "id": 7, "method": "ping"})
    sent = "\n".join(["{", "[]", json.dumps({"jsonrpc": "2.0", "method": "x"}), ping])
    said = terminal.types(f"printf '%s\\n' {shlex.quote(sent)} | did mcp")
    answers = [json.loads(line) for line in said.splitlines()]
    assert [each["id"] for each in answers] == [None, None, 7]
    assert "Nothing was done" in answers[0]["error"]["message"] and answers[2]["result"] == {}


def test_without_a_login_and_without_a_server_it_says_what_to_do(tmp_path, terminal, live_server):
    ping = json.dumps({"jsonrpc": "2.0", "id": 7, "method": "ping"})
    asked = f"echo {shlex.quote(ping)} | did mcp"
    assert "did login" in Terminal(tmp_path / "other").types(asked, status=1)
    (terminal.folder / ".done.toml").write_text(f'server = "{live_server.url}"')
    ApiToken.objects.all().delete()
    assert "did login" in json.loads(terminal.types(asked))["error"]["message"]
    nowhere = f"http://127.0.0.1:{free_port()}"
    home = terminal.home / ".config/done/logins.json"
    home.write_text(home.read_text().replace(live_server.url, nowhere))
    (terminal.folder / ".done.toml").unlink()
    told = json.loads(terminal.types(asked))["error"]["message"]
    assert "cannot be reached" in told and "the same key" in told


# By HTTP


@pytest.mark.parametrize("mode", MODES)
def test_by_http_it_does_what_its_token_allows(live_server, team, token, mode):
    said = {"text": "Turned the crank", "key": "crank"}
    _, (first, again, wrong) = talk(
        with_token(live_server.url, token), mode, ("log", said), ("log", said), ("nothing", {})
    )
    assert first.structured_content["entry"] == again.structured_content["entry"]
    assert wrong.is_error and "no such tool" in wrong.content[0].text
    assert Entry.objects.get().body == "Turned the crank"


def test_an_application_that_is_registered_is_let_in_by_a_browser(live_server, client, ada, team):
    """All addresses are found from /mcp alone."""
    back = "http://127.0.0.1/back"
    app, _ = App.objects.register(
        "Mill", secret=False, redirect_uris=[back], scopes=["read", "draft"]
    )
    client.force_login(ada)
    held = Held(app.hash_id, back)
    led: list[str] = []

    async def lead(there: str) -> None:
        led.append(there)

    def says_yes() -> AuthorizationCodeResult:
        path = led[0].removeprefix(live_server.url)
        answer = client.post(path, {"decision": "yes"})
        said = {
            name: each[0] for name, each in parse_qs(urlsplit(answer["Location"]).query).items()
        }
        return AuthorizationCodeResult(code=said["code"], state=said["state"], iss=said["iss"])

    async def come_back() -> AuthorizationCodeResult:
        return await sync_to_async(says_yes)()

    wants = OAuthClientMetadata(
        redirect_uris=[back], client_name="Mill", token_endpoint_auth_method="none"
    )
    door = OAuthClientProvider(
        f"{live_server.url}/mcp", wants, held, redirect_handler=lead, callback_handler=come_back
    )
    said = ("log", {"text": "Turned the crank", "team": team.hash_id})
    offered, (logged,) = talk(by_http(live_server.url, auth=door), "legacy", said)
    assert "scope=read+draft" in led[0] and "code_challenge_method=S256" in led[0]
    assert "complete" not in offered and logged.structured_content["state"] == "draft"
    lent = ApiToken.objects.get(app=app)
    assert (lent.user, lent.scopes) == (ada, ["draft", "read"])
    assert lent.expires_at > timezone.now()


class Held:
    """What an application keeps: here, that it is registered already."""

    def __init__(self, client_id: str, back: str) -> None:
        self.tokens = None
        self.info = OAuthClientInformationFull(
            client_id=client_id, redirect_uris=[back], token_endpoint_auth_method="none"
        )

    async def get_tokens(self):
        return self.tokens

    async def set_tokens(self, tokens):
        self.tokens = tokens

    async def get_client_info(self):
        return self.info

    async def set_client_info(self, client_info):
        self.info = client_info


# What it costs


def test_who_has_no_assistants_loads_nothing_for_them():
    code = (
        "import django, sys; django.setup(); import idonethis.urls, idonethis.server;"
        "print({'mcp', 'mcp_types', 'jsonschema', 'httpx2'} & set(sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "set()\n"


# The page


def test_what_the_page_says_works_as_it_stands_there(live_server, terminal, token):
    listed, described = lines("assistants.md")
    shell = Shell(SITE=live_server.url, TOKEN=token)
    assert [each["name"] for each in shell.run(listed)["result"]["tools"]] == list(TOOLS)
    assert shell.run(described)["resource"] == f"{live_server.url}/mcp"
    page = (DOCS / "assistants.md").read_text()
    (file,) = re.findall(r"```json\n(.+?)\n```", page, re.DOTALL)
    words = json.loads(file)["mcpServers"]["idonethis"]
    assert [words["command"], *words["args"]] == ["did", "mcp"]
    assert f"claude mcp add idonethis -- {words['command']} {words['args'][0]}" in page


def test_the_page_lists_each_tool_with_its_scopes():
    page = (DOCS / "assistants.md").read_text()
    for name, tool in TOOLS.items():
        scopes = ", ".join(f"`{scope}`" for scope in tool.scopes)
        assert re.search(rf"^\| `{name}` \|.*\| {scopes} \|$", page, re.MULTILINE), name
