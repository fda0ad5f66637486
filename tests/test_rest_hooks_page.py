"""What docs/rest-hooks.md says is run as it stands there, against a running server."""

from __future__ import annotations

import json
import re

import pytest

from idonethis.accounts.models import ApiToken
from idonethis.entries.drafts import Draft
from idonethis.entries.facts import facts
from idonethis.entries.models import Entry
from idonethis.integrations.models import Delivery, IntegrationLink
from idonethis.simulators.listener import Listener
from idonethis.simulators.running import running
from tests.curling import DOCS, Shell, lines

PAGE = "rest-hooks.md"


@pytest.fixture
def tool():
    listener = Listener()
    with running(listener) as url:
        listener.url = url
        yield listener


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_every_line_does_what_the_page_says(live_server, tool, ada, team):
    token = ApiToken.objects.make(ada, name="Of the page", scopes=["hooks"])[1]
    shell = Shell(SITE=live_server.url, TOKEN=token, TEAM=team.hash_id, TARGET=tool.url)
    noop, teams, subscribe, sample, hooks, hook, move, fresh, sent, end = lines(PAGE)
    assert shell.run(noop)["full_name"] == "Ada Lovelace"
    assert shell.run(teams)[0]["hash_id"] == team.hash_id
    made = shell.run(subscribe)
    shell.names["HOOK"] = made["id"]
    entry = Entry.objects.log(Draft(body="Turned the crank"), team=team, user=ada)
    while Delivery.drain():
        pass
    assert tool.heard[0].is_signed_with(made["secret"])
    assert shell.run(sample) == [tool.heard[0].content]
    assert [each["id"] for each in shell.run(hooks)["items"]] == [made["id"]]
    assert shell.run(hook)["event"] == "entry_created"
    assert shell.run(move)["event"] == "entry_updated"
    entry.edit(kind="done", body="Turned it twice")
    while Delivery.drain():
        pass
    assert tool.heard[1].path == "/moved" and tool.heard[1].is_signed_with(made["secret"])
    assert shell.run(fresh)["secret"] != made["secret"]
    assert [each["result"] for each in shell.run(sent)["items"]] == ["sent"]
    assert shell.run(end) == {"deleted": True, "id": made["id"]}
    assert not IntegrationLink.objects.standing().exists()


@pytest.mark.django_db
def test_the_fields_on_the_page_are_those_that_are_sent(ada, team):
    entry = Entry.objects.log(Draft(body="Turned the crank"), team=team, user=ada)
    (shown,) = re.findall(r"```json\n(.+?)\n```", (DOCS / PAGE).read_text(), re.DOTALL)
    said = json.loads(shown)["data"]
    assert list(said) == list(facts(entry))
    assert set(said["user"]) == set(facts(entry)["user"])
