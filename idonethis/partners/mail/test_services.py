from __future__ import annotations

import re
from base64 import b64encode
from pathlib import Path
from urllib.parse import urlencode

import orjson
import pytest
from allauth.account.models import EmailAddress
from django.conf import settings
from django.utils import timezone

from idonethis.entries.models import Entry
from idonethis.integrations import registry
from idonethis.integrations.base import Ignored, Never
from idonethis.integrations.models import IntegrationLink, Receipt, Suggestion
from idonethis.integrations.models.expanding import Expansion
from idonethis.integrations.plain_link import PlainLink
from idonethis.integrations.testing import HookTestCase
from idonethis.integrations.values import Hook, Reason
from idonethis.partners.mail import services
from idonethis.partners.mail.test_mail import mail_to, multipart
from idonethis.simulators.mail_services import KEY, MailServices
from idonethis.simulators.running import running

FIXTURES = Path(__file__).parent / "fixtures"
VOUCHED = "Authentication-Results: mx.example.org; dkim=pass header.d=example.org"
WORDS = [("done", "Räder geölt"), ("goal", "Write the notes #api")]
FORM = {"content-type": "application/x-www-form-urlencoded"}


class ServicesTest(HookTestCase):
    """What mail services say reads as the mail itself does, by whichever of them it comes."""

    def setUp(self):
        super().setUp()
        EmailAddress.objects.create(user=self.ada, email=self.ada.email, verified=True)

    def check_logged(self):
        entries = Entry.objects.order_by("pk").values_list("kind", "body", "user")
        assert list(entries) == [(kind, body, self.ada.pk) for kind, body in WORDS]

    def check(self, name):
        assert self.send(name).status_code == 200
        self.check_logged()

    def test_amazon_ses(self):
        self.check("mail__amazon_ses")

    def test_amazon_ses_by_way_of_sns_with_the_mail_as_base64(self):
        said = orjson.loads(self.fixture("mail__amazon_ses"))
        said["receipt"]["action"]["encoding"] = "BASE64"
        said["content"] = b64encode(said["content"].encode()).decode()
        told = {"Type": "Notification", "TopicArn": "arn:aws:sns:eu-west-1:1815:mails"}
        told["Message"] = orjson.dumps(said).decode()
        self.post_hook(orjson.dumps(told), headers={"content-type": "text/plain; charset=UTF-8"})
        self.check_logged()

    def test_brevo(self):
        self.check("mail__brevo")

    def test_mailersend(self):
        self.check("mail__mailersend")

    def test_mailgun_that_took_it_apart(self):
        self.check("mail__mailgun_in_fields")

    def test_mailjet(self):
        self.check("mail__mailjet")

    def test_mailtrap(self):
        self.check("mail__mailtrap")

    def test_mandrill(self):
        self.check("mail__mandrill")

    def test_postal(self):
        self.check("mail__postal")

    def test_postal_with_the_mail_as_base64(self):
        said = orjson.loads(self.fixture("mail__postal")) | {"base64": True}
        said["message"] = b64encode(said["message"].encode()).decode()
        self.post_hook(orjson.dumps(said))
        self.check_logged()

    def test_postmark_that_took_it_apart(self):
        self.check("mail__postmark_in_fields")

    def test_resend(self):
        self.check("mail__resend")

    def test_sparkpost(self):
        self.check("mail__sparkpost")

    def test_sparkpost_with_the_mail_as_base64(self):
        [said] = orjson.loads(self.fixture("mail__sparkpost"))
        content = said["msys"]["relay_message"]["content"]
        content["email_rfc822"] = b64encode(content["email_rfc822"].encode()).decode()
        content["email_rfc822_is_base64"] = True
        self.post_hook(orjson.dumps([said]))
        self.check_logged()

    def test_sendgrid_that_took_it_apart_and_says_in_which_charset_each_field_is(self):
        body, headers = multipart(
            headers=head("ada@example.org").encode(),
            text="Räder geölt\n[] Write the notes #api".encode("latin-1"),
            html=b"",
            charsets=b'{"to": "UTF-8", "text": "iso-8859-1"}',
        )
        assert self.post_hook(body, headers=headers).status_code == 200
        self.check_logged()

    def test_several_mails_in_one_request_are_all_logged_once(self):
        first = self.fixture("mail__sparkpost")
        both = [*orjson.loads(first), relayed(mail_of("Cast a gear"))]
        for said in (first, orjson.dumps(both), first):
            assert self.post_hook(said).status_code == 200
        assert set(Entry.objects.values_list("body", flat=True)) == {"Cast a gear", *bodies()}
        assert Entry.objects.count() == 3

    def test_two_mails_without_a_name_are_two(self):
        nameless = re.sub(rb"Message-ID: .*\r\n", b"", mail_of("Cast a gear"))
        said = [relayed(nameless), relayed(nameless.replace(b"Today", b"Later"))]
        self.post_hook(orjson.dumps(said))
        assert list(Entry.objects.values_list("body", flat=True)) == ["Cast a gear"] * 2

    def test_one_of_several_that_says_no_sender_keeps_no_other_back(self):
        said = orjson.loads(self.fixture("mail__sparkpost"))
        said.insert(0, relayed(b"Subject: Today\r\n\r\nCast a gear"))
        assert self.post_hook(orjson.dumps(said)).status_code == 200
        self.check_logged()
        first = next(iter(self.integration.hook(Hook(orjson.dumps(said)), PlainLink())))
        assert isinstance(first, Ignored) and "says nobody" in first.why

    def test_a_header_in_the_value_of_another_vouches_for_nobody(self):
        said = orjson.loads(self.fixture("mail__mailjet"))
        forged = said["Headers"].pop("Authentication-Results")
        said["Headers"]["Subject"] = f"Today\r\nAuthentication-Results: {forged}"
        self.post_hook(orjson.dumps(said))
        assert not Entry.objects.exists() and Suggestion.objects.count() == 2

    def test_two_senders_are_none(self):
        said = orjson.loads(self.fixture("mail__mailjet"))
        said["Headers"]["From"] = ["ada@example.org", "mallory@example.net"]
        assert self.post_hook(orjson.dumps(said)).status_code == 400

    def test_who_only_tries_the_address_is_answered_and_nothing_is_stored(self):
        example = {"events": [{"event": "inbound.message_received", "inbox_id": 1}]}
        assert self.post_hook(b"mandrill_events=%5B%5D", headers=FORM).status_code == 200
        assert self.post_hook(orjson.dumps(example)).status_code == 200
        assert not Receipt.objects.exists()

    def test_mandrill_looks_whether_somebody_is_there(self):
        assert self.client.head(self.link.hook_url).status_code == 200

    def test_what_else_a_service_tells_is_no_mail(self):
        opened = [{"event": "open", "msg": {"raw_msg": mail_of("Cast a gear").decode()}}]
        sent = urlencode({"mandrill_events": orjson.dumps(opened).decode()})
        assert self.post_hook(sent.encode(), headers=FORM).status_code == 400
        for said in ({"type": "email.sent", "data": {}}, {"events": [{"event": "delivery"}]}):
            assert self.post_hook(orjson.dumps(said)).status_code == 400
        assert not Receipt.objects.exists()

    def test_rubbish_in_the_place_of_a_mail_is_refused(self):
        rubbish = ["[1]", '{"rcpt_to": "x", "message": "%", "base64": true}', '{"Parts": 7}']
        rubbish += ['{"Message": "{"}', '{"items": "x"}', '{"Parts": [], "Headers": [["a"]]}']
        for body in rubbish:
            assert self.post_hook(body.encode()).status_code == 400, body
        assert not Receipt.objects.exists()

    def test_what_was_asked_for_once_is_not_asked_for_again(self):
        self.send("mail__resend")
        assert Receipt.objects.all().replay() == 1
        assert Receipt.objects.get().state == "due"

    def test_a_whole_mail_needs_nothing_more(self):
        self.send("mail__postal")
        Receipt.objects.all().replay()
        assert Receipt.objects.get().state == "due"

    def test_a_topic_of_amazons_is_confirmed(self):
        self.check_ignored("ignored__subscription__amazon_sns", "ping")


@pytest.fixture
def shop(monkeypatch):
    """The services, whose key this server has."""
    services = MailServices()
    with running(services.app) as url:
        for name in ("RESEND", "MAILTRAP", "SNS"):
            monkeypatch.setenv(f"MAIL_{name}_URL", url)
        for name in ("RESEND", "MAILTRAP"):
            monkeypatch.setenv(f"MAIL_{name}_KEY", KEY)
        yield services


@pytest.fixture
def link(team, ada):
    EmailAddress.objects.create(user=ada, email=ada.email, verified=True)
    return IntegrationLink.objects.create(integration_type="mail", team=team, user=ada)


@pytest.fixture
def comes(client, link):
    """A service says something, and whoever must be asked is."""

    def say(name):
        said = (FIXTURES / f"{name}.json").read_bytes()
        signed = link.integration.signature.sign(Hook(said), link.signing_secret)
        path = link.hook_url.removeprefix(settings.BASE_URL)
        assert client.post(path, said, "application/json", headers=signed).status_code == 200
        Expansion(link.integration).drain()
        while Receipt.drain():
            pass
        return Receipt.objects.get()

    return say


PATHS = {
    "resend": "/emails/receiving/56761188-7520-42d8-8898-1815aaaaaaaa",
    "mailtrap": "/inbound/inboxes/1815/messages/0000181522223333444",
}
pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("service", PATHS)
def test_a_mail_that_is_only_announced_is_asked_for_with_the_key_of_this_server(
    shop, comes, service
):
    [told] = orjson.loads((FIXTURES / "more" / f"mail__{service}.json").read_bytes())["told"]
    shop.mails[PATHS[service]] = told[service] | {"attachments": [{"id": "1"}]}
    receipt = comes(f"mail__{service}")
    assert receipt.outcome == "created"
    assert "attachments" not in receipt.hook.more["told"][0][service]
    assert shop.asked == [PATHS[service]]
    assert list(Entry.objects.order_by("pk").values_list("kind", "body")) == WORDS


@pytest.mark.parametrize("service", PATHS)
def test_without_a_key_it_says_which_is_missing_and_keeps_what_came(
    shop, comes, monkeypatch, service, link
):
    monkeypatch.delenv(f"MAIL_{service.upper()}_KEY")
    receipt = comes(f"mail__{service}")
    assert receipt.outcome == Reason.FAILED and f"MAIL_{service.upper()}_KEY" in receipt.why
    assert not shop.asked
    link.refresh_from_db()
    assert link.carries


@pytest.mark.parametrize("service", PATHS)
def test_a_key_that_is_refused_is_named_and_not_shown(shop, comes, monkeypatch, service, link):
    monkeypatch.setenv(f"MAIL_{service.upper()}_KEY", "re_wrong_1906")
    receipt = comes(f"mail__{service}")
    assert receipt.outcome == Reason.FAILED and f"MAIL_{service.upper()}_KEY" in receipt.why
    assert "re_wrong_1906" not in receipt.why
    link.refresh_from_db()
    assert link.carries


def test_what_is_no_longer_kept_there_is_gone(shop, comes):
    assert comes("mail__resend").outcome == "vanished"


def test_a_service_in_trouble_is_asked_again_later(shop, comes):
    shop.refuses.append(429)
    receipt = comes("mail__resend")
    assert receipt.state == "bare" and receipt.due_at > timezone.now()


def test_a_topic_is_confirmed_at_its_own_place(shop, comes):
    assert comes("ignored__subscription__amazon_sns").outcome == "ping"
    assert shop.confirmed == [("arn:aws:sns:eu-west-1:181518521815:mails", "2336412f37")]


@pytest.mark.parametrize("topic", ["arn:aws:sns:evil.example.net/:1:t", "x", ""])
def test_a_topic_that_names_another_place_is_confirmed_nowhere(topic, monkeypatch):
    monkeypatch.delenv("MAIL_SNS_URL", raising=False)
    said = {"Type": "SubscriptionConfirmation", "TopicArn": topic, "Token": "2336412f37"}
    mail = registry.integrations()["mail"]
    with pytest.raises(Never, match="no topic of Amazon SNS"):
        services.expand(Hook(orjson.dumps(said)), mail.address)


def bodies():
    return [body for _, body in WORDS]


def head(sender):
    lines = mail_to("log@in.example.org").decode().partition("\r\n\r\n")[0]
    return f"{VOUCHED}\r\n{lines}".replace("ada@example.org", sender)


def mail_of(text):
    return f"{head('ada@example.org').replace('1906', '1952')}\r\n\r\n{text}".encode()


def relayed(raw):
    content = {"email_rfc822": raw.decode(), "email_rfc822_is_base64": False}
    return {"msys": {"relay_message": {"content": content}}}
