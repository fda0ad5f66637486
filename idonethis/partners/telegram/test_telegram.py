from __future__ import annotations

import json

import pytest

from idonethis.entries.models import Entry
from idonethis.integrations import registry
from idonethis.integrations.base import Hook, Never, Reason, Secret
from idonethis.integrations.models import Receipt, RegisteredHook
from idonethis.integrations.testing import HookTestCase
from idonethis.partners.telegram import webhook
from idonethis.simulators import visitor
from idonethis.simulators.chat import telegram
from idonethis.simulators.running import running

integration = registry.integrations()["telegram"]
HOME = "https://log.example.org/integrations/telegram/hook"


class TelegramTest(HookTestCase):
    def log(self):
        alive = Entry.objects.alive().order_by("pk")
        return list(alive.values_list("kind", "body"))

    def test_a_message_logs_a_done_on_its_day(self):
        entry = self.check_hook("message__done", "shipped billing #api")
        self.assertEqual(str(entry.occurred_on), "2025-11-24")

    def test_a_command_names_the_bot(self):
        self.check_hook("message__command", "write the docs", kind="goal", user=self.grace)

    def test_the_answer_is_a_call_in_the_response_to_the_message(self):
        answer = json.loads(self.send("message__done").content)
        self.assertEqual((answer["method"], answer["chat_id"]), ("sendMessage", -1001815))
        self.assertEqual(answer["reply_parameters"], {"message_id": 41})
        self.assertNotIn("parse_mode", answer)
        self.assertIn("Done: shipped billing #api", answer["text"])

    def test_nothing_in_the_answer_calls_anybody(self):
        body = self.fixture("message__done").replace(b"#api", b"with @grace")
        self.assertIn("with @\u200bgrace", json.loads(self.post_hook(body).content)["text"])

    def test_an_edit_changes_what_is_there_and_takes_out_the_rest_in_any_order(self):
        for names in (("message__several_lines", "edited__fewer_lines"),
                      ("edited__fewer_lines", "message__several_lines")):  # fmt: skip
            with self.subTest(names):
                for name in names:
                    self.send(name)
                self.assertEqual(self.log(), [("done", "one, corrected"), ("goal", "two")])
                Entry.objects.all().delete()
                Receipt.objects.all().delete()

    def test_a_command_alone_is_answered_with_what_can_be_said(self):
        answer = json.loads(self.send("ignored__message__empty").content)
        self.assertIn("done shipped billing", answer["text"])

    def test_what_is_for_others_or_of_others_is_neither_logged_nor_answered(self):
        for name in ("for_others", "passed_on", "of_a_bot"):
            with self.subTest(name):
                self.assertEqual(self.send(f"ignored__message__{name}").content, b"")
                self.assertEqual(self.last_receipt().outcome, Reason.UNSUPPORTED)
        self.assertEqual(self.log(), [])


class OneBotTest(HookTestCase):
    """One webhook, and the chats that are linked to it."""

    def setUp(self) -> None:
        super().setUp()
        self.hook = RegisteredHook.objects.create(
            integration_type="telegram", subject="bot:1815", state="active"
        )
        self.here = self.make_link(subject="-1001815", registered_hook=self.hook)
        self.there = self.make_link(subject="@news", registered_hook=self.hook)

    def tell(self, **chat):
        body = json.loads(self.fixture("message__done"))
        body["message"]["chat"] |= chat
        return self.post(json.dumps(body).encode())

    def post(self, raw):
        signed = self.integration.signature.sign(Hook(raw), self.hook.signing_secret)
        path = f"/integrations/telegram/hook/{self.hook.hook_token}"
        return self.client.post(path, raw, content_type="application/json", headers=signed)

    def test_a_chat_is_told_to_its_own_links_alone(self):
        self.tell()
        self.assertEqual(list(Receipt.objects.values_list("link_id", flat=True)), [self.here.pk])

    def test_a_public_chat_is_known_by_its_name(self):
        self.tell(id=-1001906, username="News")
        self.assertEqual(list(Receipt.objects.values_list("link_id", flat=True)), [self.there.pk])

    def test_a_chat_that_is_not_linked_is_acknowledged_and_not_stored(self):
        self.assertEqual(self.tell(id=4711).status_code, 200)
        self.assertEqual(self.post(self.fixture("ignored__channel_post")).status_code, 200)
        self.assertFalse(Receipt.objects.exists())


@pytest.fixture
def partner(monkeypatch):
    with running(telegram.Telegram()) as url:
        monkeypatch.setenv("TELEGRAM_API_URL", url)
        yield url


@pytest.fixture
def bot(partner):
    return integration.client({"token": telegram.TOKEN})


def make(bot, url=f"{HOME}/one"):
    secret = Secret("s" * 43)
    return integration.create_hook(bot, "bot:1815", url=url, secret=secret)


def standing(bot):
    return integration.standing_hook(bot, "bot:1815", url=f"{HOME}/one", remote_id="")


def test_the_webhook_is_made_found_and_removed(bot):
    assert standing(bot) is None
    assert make(bot) == "bot:1815"
    found = standing(bot)
    assert (found.url, found.events, found.active) == (f"{HOME}/one", webhook.EVENTS, True)
    integration.destroy_hook(bot, "bot:1815", url=f"{HOME}/one", remote_id="bot:1815")
    assert standing(bot) is None


def test_one_of_ours_takes_the_place_of_another(bot):
    make(bot)
    make(bot, f"{HOME}/two")
    integration.destroy_hook(bot, "bot:1815", url=f"{HOME}/one", remote_id="bot:1815")
    assert standing(bot).url == f"{HOME}/two"


def test_one_of_another_program_is_left_alone(bot, partner):
    visitor.act(partner, "hook", url="https://other.example.org/bot", secret="x")
    with pytest.raises(Never, match="another program"):
        make(bot)
    integration.destroy_hook(bot, "bot:1815", url=f"{HOME}/one", remote_id="bot:1815")
    assert standing(bot).url == "https://other.example.org/bot"


def test_the_account_of_another_bot_touches_nothing(bot):
    with pytest.raises(Never, match="another bot"):
        integration.create_hook(bot, "bot:2", url=f"{HOME}/one", secret=Secret("s"))


def test_an_address_that_telegram_does_not_take_says_what_to_do(bot):
    with pytest.raises(Never, match="Leave “Log what people say there” out"):
        make(bot, "http://log.example.org/integrations/telegram/hook/one")


def test_a_bot_has_one_webhook_for_all_its_chats_and_none_that_nobody_asked_for():
    assert integration.hook_subject({"chat": "-1", "hears": True}, "bot:1815") == "bot:1815"
    assert integration.hook_subject({"chat": "-1"}, "bot:1815") == ""
    assert integration.hook_subject({"hears": True}, "bot:1815") == ""
