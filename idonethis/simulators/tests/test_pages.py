"""The pages on which a person plays the partner."""

from __future__ import annotations

import httpx
import pytest

from idonethis.simulators.visitor import PLAIN

BROWSER = {"Accept": "text/html"}
BLOCKS = [
    {"type": "section", "text": {"type": "mrkdwn", "text": "*Done* by <@U0ADA181512>"}},
    {
        "type": "actions",
        "elements": [
            {
                "type": "button",
                "action_id": "undo",
                "text": {"type": "plain_text", "text": "Undo it"},
            }
        ],
    },
]


def page(partner, path="/"):
    return httpx.get(partner.url + path, verify=PLAIN)


def press(partner, action, **form):
    """What a form on the page does in a browser."""
    return httpx.post(
        f"{partner.url}/_control/{action}",
        data=form,
        headers=BROWSER,
        follow_redirects=True,
        verify=PLAIN,
    )


@pytest.mark.parametrize("partner", ["github", "slack"])
def test_a_page_says_what_it_is_and_loads_nothing_but_its_own_style(request, partner):
    caller = request.getfixturevalue(partner)
    answer = page(caller)
    assert "a simulator that ships with I Done This" in answer.text
    assert "<script" not in answer.text and "style=" not in answer.text
    assert answer.headers["content-security-policy"].startswith("default-src 'none'")
    assert page(caller, "/_static/simulator.css").status_code == 200


def test_a_button_does_what_it_says_and_leads_back_to_the_page(engine, receiver):
    answer = press(engine, "open_issue", repository="analytical/engine", actor="grace", title="")
    assert answer.url.path == "/"
    assert "Open issue in analytical/engine by grace: 1 of 1 deliveries arrived." in answer.text
    assert receiver.events == ["issues.opened"]
    assert "#1 The mill loses a tooth" in answer.text
    press(engine, "close_issue", repository="analytical/engine", number="1", reason="not_planned")
    assert receiver.got[-1].json["issue"]["state_reason"] == "not_planned"


def test_hooks_show_their_deliveries_and_can_be_redelivered(engine, receiver):
    engine.do("push")
    text = page(engine).text
    assert f"<code>{receiver.url}/hook</code>" in text
    assert "issues" not in text.split("<h2>Hooks</h2>")[1]
    hook = engine.read("hooks")["hooks"][0]
    delivery = hook["deliveries"][0]["id"]
    assert f'value="{delivery}">Redeliver' in text
    answer = press(engine, "redeliver", hook=hook["id"], delivery=delivery)
    assert "Sent again: OK." in answer.text
    assert receiver.events == ["push", "push"]
    assert "hush" not in answer.text


def test_a_mistake_is_said_on_the_page(github):
    answer = press(github, "merge_pull_request", repository="analytical/engine")
    assert "no such number in pulls" in answer.text


def test_what_people_write_is_text_and_never_markup(github):
    github.do("open_issue", title="<script>alert(1)</script>")
    assert "&lt;script&gt;alert(1)" in page(github).text
    assert "<script" not in page(github, "/analytical/engine/issues/1").text
    assert "<script" not in page(github, "/?said=<script>").text


def test_the_addresses_in_hooks_lead_to_pages(engine, receiver):
    engine.do("open_pull_request", actor="ada", title="Carry the tens")
    engine.do("merge_pull_request", actor="grace")
    pull = receiver.got[-2].json["pull_request"]
    text = httpx.get(pull["html_url"], verify=PLAIN).text
    assert "Carry the tens" in text and "merged" in text and "by grace" in text
    commit = receiver.got[-1].json["head_commit"]["url"]
    assert httpx.get(commit, verify=PLAIN).status_code == 200
    assert page(engine, "/nobody/nothing").status_code == 404


def test_slack_shows_channels_with_messages_and_their_buttons(slack):
    api = slack.api(scope="chat:write,chat:write.public")
    api("chat.postMessage", channel="C0DONELOG01", text="fallback", blocks=BLOCKS)
    text = page(slack).text
    assert "<strong>Done</strong> by Ada Lovelace" in text and "fallback" not in text
    assert '/undo">Undo it</button>' in text
    assert "#vault" in text and "private" in text


def test_a_command_from_the_page_shows_its_private_answer(slack, receiver):
    answer = press(slack, "command", account="charles", channel="done", text="x")
    assert receiver.got[0].form["user_name"] == "charles"
    assert "only visible to Charles Babbage" in answer.text
    assert "command /done" in answer.text


def test_a_modal_stands_on_the_page_until_it_is_sent_off(slack, receiver):
    api = slack.api()
    slack.do("command", text="x")
    element = {"type": "plain_text_input", "action_id": "text"}
    label = {"type": "plain_text", "text": "What did you get done?"}
    view = {
        "type": "modal",
        "title": {"type": "plain_text", "text": "Edit"},
        "blocks": [{"type": "input", "block_id": "body", "label": label, "element": element}],
    }
    api("views.open", trigger_id=receiver.got[-1].form["trigger_id"], view=view)
    assert "What did you get done?" in page(slack).text
    answer = press(slack, "submit_view", **{"body/text": "shipped billing"})
    assert "What did you get done?" not in answer.text
    state = receiver.got[-1].json["view"]["state"]["values"]
    assert state["body"]["text"]["value"] == "shipped billing"


def test_access_is_shown_and_can_be_taken_back(github, slack):
    token = github.exchange(github.code("grace")).json()["access_token"]
    assert "Grace Hopper has let I Done This in." in page(github).text
    press(github, "revoke", account="grace")
    assert "has let I Done This in" not in page(github).text.replace("Nobody has let", "")
    headers = {"Authorization": f"Bearer {token}"}
    assert httpx.get(f"{github.url}/api/v3/user", headers=headers, verify=PLAIN).status_code == 401
    slack.install()
    assert "I Done This is installed" in page(slack).text
    assert "is not installed" in press(slack, "uninstall").text
