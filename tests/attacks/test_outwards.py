"""What people write stays words wherever it is carried: it calls nobody, hides no address, and is
no line, field or header of what carries it. Each integration that sends has its row here; one
without a row fails."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from email import message_from_bytes
from email.policy import default
from urllib.parse import parse_qsl

import pytest

from idonethis.accounts.models import User
from idonethis.entries.drafts import Draft, Origin
from idonethis.entries.models import Entry
from idonethis.integrations import registry
from idonethis.integrations.base import News, Posts, Sends, Tells
from idonethis.integrations.http import Client
from idonethis.integrations.messages import UNSEEN
from idonethis.integrations.plain_link import PlainLink
from tests.attacks.conftest import hang_up
from tests.attacks.sentinels import INSIDE, Sentinel

pytestmark = pytest.mark.django_db
SENDING = {k: each for k, each in registry.integrations().items() if isinstance(each, Posts)}

CALLS = [
    "@channel", "@here", "@everyone", "<!channel>", "<!here>", "<!everyone>", "<!here|here>",
    "<@U0ADA181512>", "<@W0ADA|ada>", "<#C0GENERAL01>", "<!subteam^S01|@engines>", "@team", "@room",
    "<!date^1392734382^{date}|x>", "&lt;!channel&gt;", "<!channel", "< !channel>", "<\n!channel>",
    "@all", "<users/all>", "[@all](mention:everyone)",
]  # fmt: skip
LURES = [
    "<https://evil.example|https://bank.example>", "<javascript:alert(1)|click>",
    "[bank](https://evil.example)", "<https://evil.example>", "![x](https://evil.example/x.png)",
    "<a href=https://evil.example>x</a>", "<mailto:x@evil.example|x>", "||spoiler||", "```",
    "> quote",
]  # fmt: skip
FORMULAS = ["=cmd|' /C calc'!A0", "+1+1", "-1+1", "@SUM(1)", "\t=1", "\r=1"]
BREAKS = ["x\r\nBcc: evil@x.org", "x\n✅ *Done* · Grace Hopper", "x\u2028y", "x\x01y", "x\x1b[31my"]
LINKLESS = "\\[bank\\]\\(https://evil.example\\)"
WORDS = [*CALLS, *LURES, *FORMULAS, *BREAKS]


@dataclass(frozen=True)
class Rules:
    """``never``: what the partner would take for more than words, in any text that is sent.
    ``always``: what every post must say. ``answer``: how the partner answers a call. ``golden``:
    the whole text of some posts."""

    never: str
    always: dict
    answer: dict
    config: dict
    golden: dict = field(default_factory=dict)


RULES = {
    # https://docs.slack.dev/messaging/formatting-message-text: control characters are & < >, and an
    # address of the web may stand in angle brackets with what it is called.
    "slack": Rules(
        never=r"<(?!https?://[^<>|\s]+\|[^<>\n]*>)|&(?!amp;|lt;|gt;)",
        always={"parse": "none", "link_names": False, "unfurl_links": False, "unfurl_media": False},
        answer={"ok": True, "channel": "C0DONELOG01", "ts": "1.2"},
        config={"channel": "C0DONELOG01|done"},
        golden={
            "<!channel> & <@U01>": "✅ *Done* · Ada\n&lt;!channel&gt; &amp; &lt;@U01&gt;",
            "<https://a|b>": "✅ *Done* · Ada\n&lt;https://a|b&gt;",
            "&lt;!here&gt;": "✅ *Done* · Ada\n&amp;lt;!here&amp;gt;",
        },
    ),
    # https://docs.discord.com/developers/reference#message-formatting
    "discord": Rules(
        never=r"(?<!\\)(<[@#/:]|\]\(|\|\||```)",
        always={"allowed_mentions": {"parse": []}, "flags": 4},
        answer={"id": "1"},
        config={"channel": "#done"},
        golden={"[bank](https://evil.example)": "✅ **Done** · Ada\n" + LINKLESS},
    ),
    # https://docs.mattermost.com/end-user-guide/collaborate/mention-people.html
    "mattermost": Rules(
        never=rf"@(?!{UNSEEN})|(?<!\\)(\]\(|```|<https?)",
        always={"props": {"disable_group_highlight": True}},
        answer={},
        config={"channel": "#done"},
        golden={"@all": f"✅ **Done** · Ada\n@{UNSEEN}all"},
    ),
    # https://docs.rocket.chat/docs/messages
    "rocket_chat": Rules(
        never=rf"@(?!{UNSEEN})|(?<!\\)(\]\(|```|<https?)",
        always={},
        answer={"success": True},
        config={"channel": "#done"},
        golden={"@here": f"✅ *Done* · Ada\n@{UNSEEN}here"},
    ),
    # https://developers.google.com/workspace/chat/format-messages
    "google_chat": Rules(
        never=rf"<(?!{UNSEEN})|@(?!{UNSEEN})",
        always={},
        answer={"name": "spaces/A/messages/B"},
        config={"channel": "Done"},
        golden={"<users/all>": f"✅ *Done* · Ada\n<{UNSEEN}users/all>"},
    ),
    # https://adaptivecards.io/explorer/TextRun.html: text is text.
    "microsoft_teams": Rules(
        never=r"^(TextBlock|Image|ActionSet|Action\..*)$",
        always={"type": "message"},
        answer={},
        config={"channel": "Done"},
        golden={"[bank](https://evil.example)": "[bank](https://evil.example)"},
    ),
    # https://github.com/caronc/apprise-api: text may end where it is read as Markdown or otherwise.
    "apprise": Rules(
        never=rf"@(?!{UNSEEN})|<(?!{UNSEEN})|\]\(",
        always={"format": "text", "tag": "all"},
        answer={"error": None},
        config={"tag": "all"},
        golden={"@here <b>": f"@{UNSEEN}here <{UNSEEN}b>"},
    ),
    # https://zulip.com/help/format-your-message-using-markdown
    "zulip": Rules(
        never=rf"@(?!{UNSEEN})|(?<!\\)(\]\(|```|\|\|)",
        always={"type": "stream", "to": "11", "topic": "done"},
        answer={"result": "success", "id": 1},
        config={"channel": "11|done"},
        golden={"@**all**": f"✅ **Done** · Ada\n@{UNSEEN}\\*\\*all\\*\\*"},
    ),
    # https://spec.matrix.org/latest/client-server-api/#user-and-room-mentions: text is text, and an
    # event that says whom it mentions mentions nobody else.
    "matrix": Rules(
        never=r"^org\.matrix\.custom\.html$",
        always={"msgtype": "m.notice", "m.mentions": {}},
        answer={"event_id": "$1"},
        config={"room": "!done:engines.example.org|Done"},
        golden={"@room": "✅ Done · Ada\n@room"},
    ),
    # https://core.telegram.org/bots/api#formatting-options: text is text where nothing says how it
    # is to be read, but for names of people.
    "telegram": Rules(
        never=rf"@(?!{UNSEEN})",
        always={"parse_mode": None, "link_preview_options": {"is_disabled": True}},
        answer={"ok": True, "result": {"message_id": 1}},
        config={"chat": "-1001815"},
        golden={"@ada <b>x</b>": f"✅ Done · Ada\n@{UNSEEN}ada <b>x</b>"},
    ),
}


# https://www.standardwebhooks.com: JSON, in which text is text, and HTML of our own is escaped.
RULES |= {
    kind: Rules(
        never=r"\x00",
        always={"type": "entry_created"},
        answer={},
        config={"tells": ["entry_created"], "shape": "standard"},
        golden={"<b>@all</b>": "&lt;b&gt;@all&lt;/b&gt;"},
    )
    for kind, each in SENDING.items()
    if isinstance(each, Tells)
}


def test_each_integration_that_sends_has_its_rules():
    assert set(SENDING) == set(RULES)


@pytest.fixture
def partner(settings):
    """Somebody at the other end who notes every byte that is sent."""
    settings.ALLOWED_ADDRESSES = [INSIDE]
    hang_up()
    server = Sentinel(INSIDE, noting)
    server.heard, server.says = [], {}
    yield server
    server.close()
    hang_up()


def noting(handler):
    length = int(handler.headers.get("Content-Length") or 0)
    handler.server.heard.append((handler.requestline, handler.rfile.read(length)))
    body = json.dumps(handler.server.says).encode()
    handler.send_response(200)
    handler.send_header("Content-Length", str(len(body)))
    handler.end_headers()
    handler.wfile.write(body)


@pytest.fixture
def carry(partner, team, ada):
    """Posts an entry with these words, changes and removes it; what the partner heard."""

    def carrying(kind, body="Done", *, name="Ada", label="", url=""):
        rules, integration = RULES[kind], SENDING[kind]
        partner.says, partner.heard = rules.answer, []
        User.objects.filter(pk=ada.pk).update(name=name)
        author = User.objects.get(pk=ada.pk)
        origin = Origin("github", "elsewhere", label)
        entry = Entry.objects.log(Draft(body=body, url=url), team=team, user=author, origin=origin)
        link = PlainLink(subject=integration.subject(rules.config), config=rules.config, team=team)
        client = Client(f"http://{INSIDE}:{partner.port}")
        if isinstance(integration, Tells):
            for news in News:
                integration.tell(news, entry, link, client)
            return partner.heard
        reference = integration.deliver(entry, link, client)
        if isinstance(integration, Sends) and integration.follows(reference):
            integration.update(entry, link, client, reference=reference)
            integration.retract(link, client, reference=reference)
        return partner.heard

    return carrying


sending = pytest.mark.parametrize("kind", SENDING)


@sending
def test_words_stay_words(carry, kind):
    url = "https://example.org/?a=<!channel>|x"
    for word in WORDS:
        for said in ({"body": word}, {"name": word, "url": url}, {"label": word, "url": url}):
            for line, body in carry(kind, **said):
                assert "evil" not in line
                for text in texts(said_in(body)):
                    assert not re.search(RULES[kind].never, text), (word, text)


def said_in(body):
    """The body of a call, whether JSON or a form; nothing where there is none."""
    try:
        return json.loads(body or b"{}")
    except ValueError:
        return dict(parse_qsl(body.decode()))


def texts(value):
    if isinstance(value, str):
        yield value
    for child in (
        value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    ):
        yield from texts(child)


@sending
def test_every_post_says_that_nothing_in_it_is_to_be_made_more_of(carry, kind):
    _, posted = carry(kind, "@channel")[0]
    said = said_in(posted)
    assert {name: said.get(name) for name in RULES[kind].always} == RULES[kind].always


@sending
def test_posts_read_as_they_are_known_to(carry, kind):
    for body, text in RULES[kind].golden.items():
        assert text in list(texts(said_in(carry(kind, body)[0][1])))


@sending
def test_a_name_is_no_line_of_its_own(carry, kind):
    heard = carry(kind, "Mine", name="Ada\n✅ *Done* · Grace Hopper\nHers")
    assert all("\nHers" not in text for _, body in heard[:2] for text in texts(said_in(body)))


# Mails.


@pytest.fixture
def forger(ada):
    """As if a form had let it pass."""
    User.objects.filter(pk=ada.pk).update(name="Ada\r\nBcc: evil@example.org\r\n\r\nOther body")
    return User.objects.get(pk=ada.pk)


def test_a_name_is_no_header_of_a_mail(client, forger, mailoutbox):
    client.post("/accounts/password/reset/", {"email": "ada@example.org"})
    client.force_login(forger)
    client.post("/accounts/reauthenticate/", {"password": "engine"})
    client.post("/accounts/email/", {"email": "more@example.org", "action_add": ""})
    assert len(mailoutbox) == 2
    for mail in mailoutbox:
        sent = message_from_bytes(mail.message().as_bytes(), policy=default)
        assert sent["Bcc"] is None and sent["Cc"] is None
        assert len(mail.recipients()) == 1
        assert "\n" not in mail.subject


SEVERAL = [
    "a@b.org\r\nBcc: evil@example.org", "a@b.org,evil@example.org", "a@b.org evil@example.org",
    "a@b\0,c.org", "<a@b.org>, <evil@example.org>", "a@b.org%0aBcc:evil@x.org",
]  # fmt: skip


@pytest.mark.parametrize("address", SEVERAL)
def test_an_address_is_one_address(client, ada, mailoutbox, address):
    client.post("/accounts/password/reset/", {"email": address})
    client.force_login(ada)
    client.post("/accounts/reauthenticate/", {"password": "engine"})
    client.post("/accounts/email/", {"email": address, "action_add": ""})
    assert mailoutbox == []


# Names of one line.

LINES = "Ada\r\n✅ *Done* · Grace\u2028Hopper\x85x"


@pytest.mark.parametrize("where", ["settings", "team", "new team"])
def test_a_name_is_one_line_whatever_was_pasted(client, ada, team, where):
    client.force_login(ada)
    person = {"time_zone": "UTC", "day_ends_at": "0", "theme": ""}
    prompts = {
        "done_prompt": "a",
        "goal_prompt": "b",
        "blocked_prompt": "c",
        "when_deleted": "keep",
    }
    path, said = {
        "settings": ("/settings", person),
        "team": (f"/t/{team.slug}/settings", prompts),
        "new team": ("/teams/new", {}),
    }[where]
    assert client.post(path, said | {"name": LINES}).status_code == 302
    kept = [User.objects.get(pk=ada.pk).name, *ada.teams.values_list("name", flat=True)]
    assert "Ada ✅ *Done* · Grace Hopper x" in kept
    assert not any(len(name.splitlines()) > 1 for name in kept)


def test_who_joins_has_a_name_of_one_line(client, team, ada):
    invitation = team.invitations.create(invited_by=ada)
    said = {"name": LINES, "email": "new@example.org", "password": "difference-engine"}
    client.post(invitation.get_absolute_url(), said | {"time_zone": "UTC"})
    assert User.objects.get(email="new@example.org").name == "Ada ✅ *Done* · Grace Hopper x"
