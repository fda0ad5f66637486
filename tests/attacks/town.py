"""A server, its partners and its mail server, and everything that could happen there with secrets
that are known beforehand."""

from __future__ import annotations

import hashlib
import hmac
import json
import re
import sqlite3
import time
from contextlib import closing
from pathlib import Path

import httpx
import zstandard
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.core import signing
from django.test import override_settings

from idonethis.backups import archive
from idonethis.integrations.secrets import open_sealed
from idonethis.simulators import visitor
from idonethis.simulators.github.app import GitHub
from idonethis.simulators.running import start
from idonethis.simulators.slack.app import Slack
from tests.attacks.mailing import MailServer
from tests.attacks.visiting import Visitor
from tests.installed import install
from tests.site import Site

GIVEN = {
    "SECRET_KEY": "canary-secret-key-3f9a7c1e5b2d8064",
    "ENCRYPTION_KEY": "canary-encryption-key-90b1c2d3e4f5a6b7",
    "OLD_ENCRYPTION_KEYS": "canary-old-key-11223344556677889900",
    "GITHUB_CLIENT_SECRET": "canary-github-client-1a2b3c4d5e6f",
    "SLACK_CLIENT_SECRET": "canary-slack-client-6f5e4d3c2b1a",
    "SLACK_SIGNING_SECRET": "canary-slack-signing-a1b2c3d4e5f6",
    "EMAIL_HOST_PASSWORD": "canary-mail-password-0f1e2d3c4b5a",
}
PASSWORD, WRONG, NEXT = "canary-pass-Ada-77", "canary-wrong-pass-31", "canary-next-pass-55"
IN_ADDRESS = "canary-token-in-an-address-42"


class Town:
    def __init__(self, folder) -> None:
        self.canaries = dict(GIVEN, password=PASSWORD, wrong=WRONG, next=NEXT, address=IN_ADDRESS)
        self.mail = MailServer()
        self.github_app = GitHub(client_secret=GIVEN["GITHUB_CLIENT_SECRET"])
        self.slack_app = Slack(
            client_secret=GIVEN["SLACK_CLIENT_SECRET"],
            settings={"signing_secret": GIVEN["SLACK_SIGNING_SECRET"]},
        )
        self.partners = [start(self.github_app), start(self.slack_app)]
        github, slack = (each.url for each in self.partners)
        self.github, self.slack = github, slack
        self.site = Site(
            folder / "data",
            **GIVEN,
            LOG_LEVEL="DEBUG",
            ALLOWED_ADDRESSES=",".join(url.removeprefix("http://") for url in (github, slack)),
            GITHUB_WEB_URL=github,
            GITHUB_API_URL=f"{github}/api/v3",
            GITHUB_CLIENT_ID="pretend-github-client",
            SLACK_WEB_URL=slack,
            SLACK_API_URL=f"{slack}/api",
            SLACK_CLIENT_ID="pretend-slack-client",
            EMAIL_HOST="127.0.0.1",
            EMAIL_PORT=str(self.mail.port),
            EMAIL_HOST_USER="postmaster",
            EMAIL_USE_TLS="0",
        )
        install(self.site).start()
        hook = f"{self.site.url}/integrations/slack/hook"
        self.slack_app.settings.update(events_url=hook, slash_url=hook, interactivity_url=hook)
        self.ada = Visitor(self.site.url)
        self.said: list[str] = []

    def live(self) -> None:
        self.set_up()
        self.connect()
        self.work()
        self.go_wrong()
        self.second_factor()
        self.forget_password()
        self.ada.crawl("/t/engines", "/integrations", "/settings", "/accounts/2fa/", "/me")
        self.command()
        self.back_up()
        self.site.stop()
        self.look_into_the_safe()

    def close(self) -> None:
        self.ada.close()
        self.mail.close()
        for partner in self.partners:
            partner.stop()
        if self.site.process.poll() is None:
            self.site.kill()

    def set_up(self) -> None:
        self.ada.get(self.site.setup_link)
        person = {"name": "Ada", "email": "ada@example.org", "password": PASSWORD}
        done = self.ada.post(self.site.setup_link, team="Engines", time_zone="UTC", **person)
        assert done.url.path == "/t/engines", done.text
        self.canaries["session"] = self.ada.client.cookies["session"]

    def connect(self) -> None:
        for kind, chosen in (
            ("github", {"repository": "analytical/engine", "private": "title"}),
            ("slack", {"channel": "C0DONELOG01|done", "kinds": ["done", "goal", "blocked"]}),
        ):
            back = self.ada.connect(kind, "ada", team="engines")
            self.canaries |= {f"{kind} code": back["code"], f"{kind} state": back["state"]}
            if kind == "github":
                chosen["events"] = ["push", "pull_request", "issues"]
            made = self.ada.post(f"/integrations/{kind}/link", team="engines", **chosen)
            assert made.url.path == "/t/engines/integrations", made.text
        self.webhook = self.site.told("link", "add", "webhook", "--team", "engines")
        self.canaries["webhook"] = self.webhook["secret"]

    def work(self) -> None:
        here = {"repository": "analytical/engine", "actor": "ada"}
        visitor.act(self.github, "open_pull_request", title="Fix the roof", **here)
        visitor.act(self.github, "merge_pull_request", method="squash", **here)
        for who in ("ada", "grace"):
            done = {"account": who, "command": "/done", "text": "Wrote a compiler"}
            visitor.act(self.slack, "command", **done)
        self.ada.post("/t/engines/log", body="Turned the crank #mill", key="once")
        self.program()
        for headers in self.proofs():
            answer = httpx.post(
                f"{self.webhook['hook_url']}?token={self.webhook['secret']}",
                content=b'{"text": "Backups are done"}',
                headers={"Content-Type": "application/json", **headers},
            )
            assert answer.status_code == 200, answer.text
        self.site.settle()

    def program(self) -> None:
        """One of hers asks by a token, also at addresses that do not stand there."""
        page = self.ada.post("/settings/tokens", name="Script", scopes=["read", "hooks"]).text
        token = re.search(r"idt_[\w-]{43}", page)[0]
        self.canaries["api token"] = token
        for word in ("Token", "Bearer"):
            for path in ("noop", "activity", "nowhere", f"activity?api_token={token}"):
                headers = {"Authorization": f"{word} {token}"}
                httpx.get(f"{self.site.url}/api/v2/{path}", headers=headers)

    def proofs(self):
        """The ways in which senders show that they have the secret, some the secret itself."""
        secret = self.webhook["secret"]
        digest = hmac.new(secret.encode(), b'{"text": "Backups are done"}', hashlib.sha256)
        yield {"X-Signature-256": f"sha256={digest.hexdigest()}", "X-Delivery-Id": "1"}
        yield {"X-Webhook-Token": secret, "X-Delivery-Id": "2", "X-Again": f"my {secret}"}
        yield {"Authorization": f"Bearer {secret}", "X-Delivery-Id": "3"}
        yield {"X-Webhook-Token": secret, "Cookie": f"a={secret}", "X-Delivery-Id": "4"}

    def go_wrong(self) -> None:
        stranger = Visitor(self.site.url)
        stranger.post("/accounts/login/", login="ada@example.org", password=WRONG)
        for path in ("/nowhere", "/me", "/integrations/webhook/hook/x", "/auth/github/callback"):
            address = {"access_token": IN_ADDRESS, "code": IN_ADDRESS, "state": IN_ADDRESS}
            stranger.get(path, params=address, headers={"Authorization": f"Bearer {IN_ADDRESS}"})
            self.ada.client.post(path, params=address, data={"password": WRONG})
        self.fail()
        httpx.post(self.webhook["hook_url"], content=b"[" * 9999, headers=next(self.proofs()))
        for partner in self.partners:
            partner.stop()
        self.ada.post("/t/engines/log", body="Nobody hears this", key="twice")
        self.ada.get("/integrations/github/link")
        self.ada.connect_again = self.ada.get("/auth/github/callback?code=x&state=y")
        time.sleep(1)
        stranger.close()

    def fail(self) -> None:
        """A failure of ours, with a traceback in the terminal."""
        with override_settings(SECRET_KEY=GIVEN["SECRET_KEY"], SECRET_KEY_FALLBACKS=[]):
            signed = signing.dumps({"type": "github"}, salt="idonethis.claim", compress=True)
        failed = self.ada.post(f"/integrations/claim/{signed}", password=WRONG)
        assert failed.status_code == 500
        assert "KeyError" in self.site.log.read_text()

    def second_factor(self) -> None:
        self.ada.post("/accounts/reauthenticate/", password=PASSWORD)
        page = self.ada.client.get("/accounts/2fa/totp/activate/").text
        secret = re.search(r"\b([A-Z2-7]{32})\b", page)[1]
        code = format_hotp_value(hotp_value(secret, int(time.time()) // 30))
        self.ada.post("/accounts/2fa/totp/activate/", code=code)
        codes = self.ada.client.get("/accounts/2fa/recovery-codes/").text
        self.canaries["second factor"] = secret
        for number, each in enumerate(re.findall(r"\b(\d{8})\b", codes)[:10]):
            self.canaries[f"recovery code {number}"] = each
        assert "recovery code 9" in self.canaries

    def forget_password(self) -> None:
        stranger = Visitor(self.site.url)
        stranger.post("/accounts/password/reset/", email="ada@example.org")
        key = re.search(r"/password/reset/key/(\S+?)/", self.mail.mails[-1])[1]
        self.canaries["reset key"] = key
        page = stranger.get(f"/accounts/password/reset/key/{key}/")
        changed = stranger.post(page.url.path, password1=NEXT)
        assert "reset/key/done" in str(changed.url), changed.text
        self.ada.post("/accounts/login/", login="ada@example.org", password=NEXT)
        code = self.canaries.pop("recovery code 0")
        self.ada.post("/accounts/2fa/authenticate/", code=code)
        assert self.ada.get("/settings").url.path == "/settings"
        self.canaries["session of later"] = self.ada.client.cookies["session"]
        stranger.close()

    def command(self) -> None:
        for words in (
            ["entries", "engines"], ["entries", "engines", "--json"], ["receipts"], ["setup-link"],
            ["receipts", "--json"], ["link", "list"], ["link", "list", "--json"], ["rotate-keys"],
            ["rotate-keys", "--json"], ["activity"], ["activity", "--json"], ["why", "ada"],
            ["why", "ada", "--json"], ["audit"], ["audit", "--json"],
            ["replay", "--team", "engines", "--plan"],
        ):  # fmt: skip
            self.said.append(self.site.run(*words))
        self.said.append(httpx.get(f"{self.site.url}/metrics").text)

    def back_up(self) -> None:
        self.backup = self.site.data.parent / "backup.tar"
        self.site.run("backup", str(self.backup))

    def look_into_the_safe(self) -> None:
        """What is kept encrypted: the tokens and secrets that were made up on the way."""
        with (
            closing(self.database("log")) as db,
            override_settings(ENCRYPTION_KEYS=[GIVEN["ENCRYPTION_KEY"]]),
        ):
            for hash_id, sealed in db.execute(
                "SELECT hash_id, sealed FROM integrations_integrationuser"
            ):
                opened = open_sealed(sealed, row=f"integration_user:{hash_id}:secrets")
                for name, value in json.loads(opened or "{}").items():
                    self.canaries[f"{name} of {hash_id}"] = str(value)
            for table in ("integrationlink", "registeredhook"):
                rows = db.execute(f"SELECT hash_id, sealed_secret FROM integrations_{table}")
                name = "integration_link" if table == "integrationlink" else "registered_hook"
                for hash_id, sealed in rows:
                    opened = open_sealed(sealed, row=f"{name}:{hash_id}:secret")
                    self.canaries[f"secret of {table} {hash_id}"] = opened
        assert len([name for name in self.canaries if name.startswith("access_token")]) >= 2

    def database(self, name: str) -> sqlite3.Connection:
        return sqlite3.connect(self.site.data / f"{name}.sqlite3")

    def exchanges(self) -> list[str]:
        """What is kept of requests to partners."""
        with closing(self.database("log")) as db:
            found = db.execute("SELECT exchange FROM integrations_attempt WHERE exchange > ''")
            return [exchange for (exchange,) in found]

    def stored(self) -> bytes:
        """Every byte of the data folder but those of the keys, and what is packed unpacked."""
        return content(self.site.data)

    def backed_up(self, folder: Path) -> bytes:
        """The same of the backup, whose parts are taken out into this folder."""
        archive.unpack(self.backup, folder, names=archive.verify(self.backup).files)
        return self.backup.read_bytes() + content(folder)


def content(folder: Path) -> bytes:
    files = [path for path in folder.rglob("*") if path.is_file() and "static" not in path.parts]
    found = [path.read_bytes() for path in files if path.name != "terminal.txt"]
    (inbox,) = folder.rglob("inbox.sqlite3")
    with closing(sqlite3.connect(inbox)) as db:
        requests = db.execute("SELECT request FROM integrations_receipt").fetchall()
    assert len(requests) > 8
    return b"\n".join([*found, *(zstandard.decompress(request) for (request,) in requests)])
