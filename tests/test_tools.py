"""Every tool that listens at an address, over real HTTP: connected by what a person pastes, told of
entries, and heard in the other direction by the same link."""

from __future__ import annotations

import re

import pytest

from idonethis.entries.drafts import Draft
from idonethis.entries.models import Entry
from idonethis.integrations import registry
from idonethis.integrations.kits.telling import BothWays, HearsNews
from idonethis.integrations.kits.telling.said import SAMPLE
from idonethis.integrations.models import Delivery, IntegrationLink, IntegrationUser
from idonethis.integrations.models.handing_over import drain as hand_over
from idonethis.integrations.tests.every import Linked
from idonethis.simulators.listener import Listener
from idonethis.simulators.running import running

pytestmark = pytest.mark.django_db
TOOLS = {k: each for k, each in registry.integrations().items() if isinstance(each, HearsNews)}
BOTH = {k: each for k, each in TOOLS.items() if isinstance(each, BothWays)}


@pytest.fixture
def tool():
    listener = Listener()
    with running(listener) as url:
        listener.url = f"{url}/catch/canary-of-the-address"
        yield listener


@pytest.fixture
def window(client, ada, team):
    client.force_login(ada)
    return client


def offered(window, kind):
    """The secret that the page has made up."""
    page = window.get(f"/integrations/{kind}/link").content.decode()
    return re.search(r'value="(whsec_[^"]+)"', page)[1]


def typed(window, kind, **fields):
    return window.post(f"/auth/{kind}/typed", {"team": "analytical-engines", **fields})


@pytest.fixture(params=sorted(TOOLS))
def kind(request):
    return request.param


@pytest.fixture
def secret(window, kind):
    return offered(window, kind)


@pytest.fixture
def link(window, kind, tool, team, secret):
    there = typed(window, kind, url=tool.url, secret=secret)
    assert there.status_code == 302, there.content.decode()
    page = window.get(there["Location"]).content.decode()
    assert 'name="tells"' in page and secret not in page
    form = TOOLS[kind].defaults | {"account": IntegrationUser.objects.get().hash_id}
    said = {name: value for name, value in form.items() if value not in (None, False)}
    made = window.post(f"/integrations/{kind}/link", {**said, "team": team.slug})
    assert made.status_code == 302, made.content.decode()
    return IntegrationLink.objects.get()


def heard(tool):
    while Delivery.drain():
        pass
    said, tool.heard[:] = list(tool.heard), []
    return said


def test_the_four_tools_go_both_ways():
    assert set(BOTH) == {"zapier", "make", "n8n", "ifttt"}
    assert all(each.hosts for each in TOOLS.values())


def test_a_first_message_shows_the_tool_which_fields_there_are(link, tool, team, ada, secret):
    (ping,) = heard(tool)
    assert ping.content["type"] == "ping" and ping.is_signed_with(secret)
    entry = Entry.objects.log(Draft(body="Turned the crank"), team=team, user=ada)
    (told,) = heard(tool)
    assert told.is_signed_with(secret)
    assert set(told.content) == set(ping.content)
    assert list(told.content["data"]) == list(SAMPLE) == list(ping.content["data"])
    assert told.content["data"]["hash_id"] == entry.hash_id


def test_an_address_at_which_nobody_is_is_not_kept(window, kind, tool, secret):
    tool.status = 404
    answer = typed(window, kind, url=tool.url, secret=secret)
    assert answer.status_code == 422 and "Nothing was connected." in answer.content.decode()
    assert not IntegrationUser.objects.exists()


@pytest.mark.parametrize("wrong", ["", "hunter2", "whsec_", "whsec_hunter2!", "MTgxNQ=="])
def test_a_secret_that_is_none_is_told_at_its_field(window, kind, tool, wrong):
    answer = typed(window, kind, url=tool.url, secret=wrong)
    assert answer.status_code == 422 and tool.heard == []


def test_what_lets_in_is_kept_encrypted_and_shows_nowhere(window, kind, link, secret):
    account = IntegrationUser.objects.get()
    pages = [link.get_absolute_url(), link.settings_path, f"/integrations/{kind}"]
    shown = "".join(window.get(page).content.decode() for page in pages)
    for each in (secret, "canary-of-the-address"):
        assert each not in shown and each not in str(vars(account))


@pytest.mark.parametrize("kind", sorted(BOTH), indirect=True)
def test_by_the_same_link_the_tool_logs_and_is_not_told_of_that(link, kind, tool, team, ada):
    heard(tool)
    linked = Linked(BOTH[kind], link)
    assert linked.post(b'{"text": "Signed the contract"}').status == 200
    assert Entry.objects.get().body == "Signed the contract"
    assert heard(tool) == []
    Entry.objects.get().hear("Signed it twice")
    assert heard(tool) == []
    Entry.objects.log(Draft(body="Mine"), team=team, user=ada)
    assert [each.content["data"]["body"] for each in heard(tool)] == ["Mine"]


@pytest.mark.parametrize("kind", sorted(BOTH), indirect=True)
def test_by_hand_it_only_logs(window, kind, team, ada, tool):
    form = TOOLS[kind].defaults
    said = {name: value for name, value in form.items() if value not in (None, False)}
    window.post(f"/integrations/{kind}/link", {**said, "team": team.slug, "by": "hand"})
    link = IntegrationLink.objects.get()
    assert link.summary.startswith("Logs what it finds at text")
    Entry.objects.log(Draft(body="Mine"), team=team, user=ada)
    assert not Delivery.objects.exists()
    edit = window.get(f"/links/{link.hash_id}/edit").content.decode()
    assert "Of what it tells" not in edit


def test_who_leaves_leaves_nobody_else_in_their_place(link, kind, tool, window, team, ada, grace):
    """Grace has pasted an address, too; who listens there does not become who listened at Ada's."""
    team.memberships.filter(user=grace).update(role="admin")
    window.force_login(grace)
    secret = offered(window, kind)
    assert typed(window, kind, url=f"{tool.url}/of-grace", secret=secret).status_code == 302
    team.memberships.get(user=ada).end()
    heard(tool)
    hand_over()
    Entry.objects.log(Draft(body="After Ada"), team=team, user=grace)
    assert heard(tool) == []
    link.refresh_from_db()
    assert (link.state, link.integration_user.user) == ("needs_reconnect", ada)
