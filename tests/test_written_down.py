"""Every way to change something writes down who did it, unless this page says why it need not."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any
from unittest.mock import patch

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.conf import settings
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.forms import Form
from django.test import Client
from django.urls import URLPattern, get_resolver, reverse
from django.utils import timezone

from idonethis.accounts.models import ApiToken, App
from idonethis.audit.models import AuditRecord
from idonethis.entries.drafts import Actor, Draft
from idonethis.entries.models import Entry
from idonethis.feeds.models import Feed
from idonethis.integrations import registry
from idonethis.integrations.base import Account
from idonethis.integrations.kits.telling import HearsNews
from idonethis.integrations.models import (
    Delivery,
    IntegrationLink,
    IntegrationUser,
    OutgoingHold,
    Proving,
    RegisteredHook,
    Replay,
    Storm,
    UnclaimedPerson,
)
from idonethis.integrations.models.making import make_link
from idonethis.integrations.models.selection import Selection
from idonethis.integrations.tests.acme import Acme
from idonethis.integrations.tests.web.conftest import (  # noqa: F401
    account,
    as_ada,
    browsers,
    connect,
    create,
    decide,
    foundry,
    foundry_server,
    leave,
    link,
    world,
)
from idonethis.mailing.models import MailChoice
from idonethis.mailing.models.writing import Writing
from idonethis.porting import reading
from idonethis.porting.models import Upload
from idonethis.porting.tests.other_log import OtherLog
from idonethis.simulators.running import running
from idonethis.teams.models import Team

pytestmark = pytest.mark.django_db

SAID = {
    "name": "Engines",
    "done_prompt": "Done?",
    "goal_prompt": "Next?",
    "blocked_prompt": "Stuck?",
    "when_deleted": "keep",
    "time_zone": "UTC",
    "day_ends_at": "0",
}


@dataclass
class Scene:
    """Ada, who administers the team and the server, and everything that she can change."""

    ada: Any
    grace: Any
    team: Team
    link: IntegrationLink
    by_hand: IntegrationLink
    browser: Client
    world: Any

    def post(self, name, /, *arguments, **said):
        return self.browser.post(reverse(name, args=arguments), said)

    @property
    def stranger(self):
        kept = {"team": self.team, "integration_type": "foundry", "key": "1999"}
        return UnclaimedPerson.objects.get_or_create(**kept)[0]

    @property
    def invitation(self):
        return self.team.invitations.get_or_create(invited_by=self.ada)[0]

    @property
    def leaving(self):
        hook = RegisteredHook.objects.create(
            integration_type="foundry",
            subject="ada/cold",
            integration_user=self.link.integration_user,
            state="due",
            trouble="It did not answer.",
        )
        self.by_hand.registered_hook = hook
        self.by_hand.save()
        return hook

    @property
    def bot(self):
        kept = {"team": self.team, "integration_type": "foundry", "key": "2000"}
        return UnclaimedPerson.objects.create(**kept, login="deploy[bot]")

    @property
    def match(self):
        kept = {"integration_type": "foundry", "uid": "1998", "team": self.team}
        return IntegrationUser.objects.create(**kept, user=self.grace, evidence="assigned")

    @property
    def stuck(self):
        entry = Entry.objects.log(Draft(body="Oiled the mill"), team=self.team, user=self.ada)
        Delivery.objects.filter(entry=entry, link=self.link).update(state="failed")
        return Delivery.objects.get(entry=entry, link=self.link)

    @property
    def upload(self):
        read = reading.read(b"ada@example.org,done,Oiled it,2015-03-02")
        return Upload.objects.keep(read, team=self.team, name="log.csv", user=self.ada)

    @cached_property
    def job(self):
        return Replay.begin(Selection(link=self.by_hand.hash_id), user=self.ada)

    @property
    def stormy(self):
        Storm.objects.begin(self.by_hand.pk, began_at=timezone.now(), first_receipt=1)
        return self.by_hand

    def as_grace(self):
        self.browser.force_login(self.grace)
        return self.browser

    def confirmed(self):
        """She has just typed her password again."""
        self.post("account_reauthenticate", password="engine")
        return self


@pytest.fixture
def scene(ada, grace, team, link, as_ada, world):  # noqa: F811
    cache.clear()
    ada.is_staff = ada.is_superuser = True
    ada.save()
    EmailAddress.objects.create(user=ada, email=ada.email, primary=True, verified=True)
    EmailAddress.objects.create(user=ada, email="ada@second.example", verified=True)
    acme = Acme()
    by_hand = make_link(acme, team, user=ada, integration_user=None, config={})
    return Scene(ada, grace, team, link, by_hand, as_ada, world)


def of_link(name, /, **said):
    return lambda s: s.post(name, s.by_hand.hash_id, **said)


def of_team(name, /, *more, **said):
    return lambda s: s.post(name, s.team.slug, *(part(s) for part in more), **said)


def of_grace(name, /, **said):
    return lambda s: s.post(name, s.grace.hash_id, **said)


def read_other_log(s):
    with running(OtherLog().app) as address:
        said = {"address": address, "token": "let-me-in"}
        s.post("new_collection", s.team.slug, **said)


def bring_secret(s):
    with patch.object(Acme, "their_secret", "Acme shows it once."):
        s.post("take_secret", s.by_hand.hash_id, secret="a secret of theirs")


def type_what_lets_in(s):
    theirs = Account(uid="typed", secrets={"token": "a token"})
    with patch.multiple(Acme, credentials=Form, introduced=lambda *_: theirs):
        s.post("introduce", "acme")


def second_factor(s):
    TOTP.activate(s.ada, generate_totp_secret())
    RecoveryCodes.activate(s.ada)
    return s.confirmed()


def claim_url(s):
    return (
        Proving("foundry")
        .claim_url(Actor("1999", "octo", "Octo"))
        .removeprefix("http://testserver")
    )


def come_back(s):
    return s.browser.get(decide(leave(s.browser)))


def join(s):
    fields = {
        "name": "New",
        "email": "new@example.org",
        "password": "a long way",
        "time_zone": "UTC",
    }
    return Client().post(s.invitation.get_absolute_url(), fields)


def token_of(user):
    return ApiToken.objects.make(user, name="New", scopes=["read"])[0].hash_id


def app_of():
    facts = {"secret": True, "scopes": ["read"], "devices": True}
    return App.objects.register("New", **facts)[0].hash_id


def feed_of(s):
    return Feed.objects.make(s.ada).hash_id


def renew_secret(s):
    shown, hook = subscribe(s)
    with patch.dict(registry.integrations(), listening=Listening()):
        path = f"/api/v2/hooks/{hook.json()['id']}/secret"
        Client().post(path, headers={"Authorization": f"Token {shown}"})


def subscribe(s):
    shown = ApiToken.objects.make(s.ada, name="New", scopes=["hooks"])[1]
    wanted = {"target_url": "https://tools.invalid/x", "team_id": s.team.hash_id}
    asked = {"headers": {"Authorization": f"Token {shown}"}, "content_type": "application/json"}
    with patch.dict(registry.integrations(), listening=Listening()):
        return shown, Client().post("/api/v2/hooks", wanted, **asked)


class Listening(HearsNews):
    integration_type, name, hosts = "listening", "Listening", ("*",)


#: Secrets, and what names somebody: none of it may be written down.
NAMING = ("engine", "another", "access-", "refresh-", "example", "Ada", "Grace", "octo", "New")


def stop_url(s):
    MailChoice.objects.complete(10)
    choice = MailChoice.objects.get(membership__user=s.ada, membership__team=s.team, kind="digest")
    return Writing(choice, None).stop_url.removeprefix(settings.BASE_URL)


#: What is done, and what is written down about it.
WRITTEN = {
    "account_login": (
        lambda s: Client().post("/accounts/login/", {"login": s.ada.email, "password": "engine"}),
        "sign_in.done",
    ),
    "account_logout": (lambda s: s.post("account_logout"), "sign_in.ended"),
    "account_change_password": (
        lambda s: s.post("account_change_password", oldpassword="engine", password1="new-engine-9"),
        "password.changed",
    ),
    "my_tokens": (lambda s: s.post("my_tokens", name="New", scopes=["read"]), "token.made"),
    "revoke_token": (lambda s: s.post("revoke_token", token_of(s.ada)), "token.revoked"),
    # The same address has a name for each method.
    "api:hooks": (subscribe, "hook.subscribed"),
    "api:create": (subscribe, "hook.subscribed"),
    "api:new_secret_of_hook": (renew_secret, "hook.secret_rotated"),
    "account_email": (
        lambda s: s.confirmed().post("account_email", action_add="", email="a@third.example"),
        "address.added",
    ),
    "mfa_deactivate_totp": (
        lambda s: second_factor(s).post("mfa_deactivate_totp"),
        "second_factor.removed",
    ),
    "mfa_generate_recovery_codes": (
        lambda s: second_factor(s).post("mfa_generate_recovery_codes"),
        "second_factor.renewed",
    ),
    "user_settings": (lambda s: s.post("user_settings", **SAID), "person.changed"),
    "export_my_data": (lambda s: s.post("export_my_data"), "data.exported"),
    "delete_me": (
        lambda s: s.as_grace().post(reverse("delete_me"), {"password": "cobol"}),
        "person.deleted",
    ),
    "deactivate_person": (of_grace("deactivate_person"), "person.deactivated"),
    "reactivate_person": (of_grace("reactivate_person"), "person.reactivated"),
    "make_administrator": (of_grace("make_administrator"), "person.made_administrator"),
    "end_administration": (
        lambda s: (s.grace.administer(), s.post("end_administration", s.grace.hash_id)),
        "person.ended_administration",
    ),
    "delete_person": (of_grace("delete_person", typed="grace@example.org"), "person.deleted"),
    "applications": (
        lambda s: s.post("applications", name="New", scopes=["read"], devices="on"),
        "app.registered",
    ),
    "renew_application": (lambda s: s.post("renew_application", app_of()), "app.secret_rotated"),
    "remove_application": (lambda s: s.post("remove_application", app_of()), "app.removed"),
    "resume_outgoing": (
        lambda s: (
            OutgoingHold.objects.create(backup_made_at=timezone.now()),
            s.post("resume_outgoing"),
        ),
        "outgoing.resumed",
    ),
    "mail": (
        lambda s: s.post("mail", "digest", s.team.slug, is_on="on", at="09:00", days=["0"]),
        "mails.chosen",
    ),
    "make_feed": (lambda s: s.post("make_feed", team=s.team.slug), "feed.made"),
    "rotate_feed": (lambda s: s.post("rotate_feed", feed_of(s)), "feed.rotated"),
    "withdraw_feed": (lambda s: s.post("withdraw_feed", feed_of(s)), "feed.withdrawn"),
    "stop_mails": (lambda s: s.browser.post(stop_url(s)), "mails.stopped"),
    "invitation": (join, "member.joined"),
    "new_team": (lambda s: s.post("new_team", name="Mills"), "team.founded"),
    "team_settings": (of_team("team_settings", **SAID), "team.changed"),
    "delete_team": (of_team("delete_team", typed="Analytical Engines"), "team.deleted"),
    "invite": (of_team("invite", role="member"), "invitation.made"),
    "withdraw": (of_team("withdraw", lambda s: s.invitation.pk), "invitation.withdrawn"),
    "restore_invitation": (
        of_team("restore_invitation", lambda s: s.invitation.pk),
        "invitation.restored",
    ),
    "change_role": (
        of_team("change_role", lambda s: s.grace.hash_id, role="admin"),
        "role.changed",
    ),
    "remove_member": (of_team("remove_member", lambda s: s.grace.hash_id), "member.left"),
    "new_link": (
        lambda s: (s.link.remove(), create(s.browser)),
        "link.made",
    ),
    "destroy_link": (lambda s: s.post("destroy_link", "acme", s.by_hand.hash_id), "link.removed"),
    "edit_link": (
        lambda s: s.post("edit_link", s.link.hash_id, forge="ada/engine", metals=["brass"]),
        "link.changed",
    ),
    "pause_link": (of_link("pause_link"), "link.paused"),
    "resume_link": (of_link("resume_link"), "link.resumed"),
    "take_link": (
        lambda s: (
            IntegrationLink.objects.filter(pk=s.by_hand.pk).update(state="needs_reconnect"),
            s.post("take_link", s.by_hand.hash_id),
        ),
        "link.taken_over",
    ),
    "ask_partner": (lambda s: s.post("ask_partner", s.link.hash_id), "job.begun"),
    "replay_link": (of_link("replay_link", begin="yes"), "job.begun"),
    "replay_team": (of_team("replay_team", begin="yes"), "job.begun"),
    "new_upload": (
        lambda s: s.browser.post(
            reverse("new_upload", args=[s.team.slug]),
            {"file": SimpleUploadedFile("log.csv", b"ada@example.org,done,Oiled it,2015-03-02")},
        ),
        "upload.read",
    ),
    "new_collection": (read_other_log, "job.begun"),
    "upload": (
        lambda s: s.post("upload", s.team.slug, s.upload.hash_id),
        "job.begun",
    ),
    "export_team": (of_team("export_team", form="csv"), "log.exported"),
    "retry_delivery": (
        lambda s: s.post("retry_delivery", s.stuck.pk),
        "link.sent_again",
    ),
    "stop_job": (lambda s: s.post("stop_job", s.job.hash_id), "job.stopped"),
    "continue_job": (
        lambda s: (s.job.stop(), s.post("continue_job", s.job.hash_id)),
        "job.continued",
    ),
    "release_storm": (
        lambda s: s.post("release_storm", s.stormy.hash_id, choice="drop"),
        "storm.released",
    ),
    "mismatch": (lambda s: s.post("mismatch", s.team.slug, s.match.pk), "identity.taken_back"),
    "ignore_bots": (
        lambda s: (s.bot, s.post("ignore_bots", s.team.slug)),
        "unclaimed.ignored",
    ),
    "show_secret": (of_link("show_secret"), "secret.shown"),
    "take_secret": (bring_secret, "secret.taken"),
    "rotate_secret": (of_link("rotate_secret"), "secret.rotated"),
    "end_overlap": (of_link("end_overlap"), "secret.overlap_ended"),
    "hook_is_gone": (
        lambda s: s.post("hook_is_gone", s.leaving.hash_id),
        "webhook.believed_gone",
    ),
    "oauth_callback": (come_back, "identity.connected"),
    "introduce": (type_what_lets_in, "identity.connected"),
    "partner_setup": (
        lambda s: s.post("partner_setup", "foundry", CLIENT_ID="another"),
        "credentials.kept",
    ),
    "believe_refusals": (lambda s: s.post("believe_refusals", "foundry"), "refusals.believed"),
    "claim_unclaimed": (of_team("claim_unclaimed", lambda s: s.stranger.pk), "identity.claimed"),
    "assign_unclaimed": (
        lambda s: s.post("assign_unclaimed", s.team.slug, s.stranger.pk, user=s.grace.hash_id),
        "identity.assigned",
    ),
    "ignore_unclaimed": (of_team("ignore_unclaimed", lambda s: s.stranger.pk), "unclaimed.ignored"),
    "heed_unclaimed": (
        lambda s: (s.stranger.ignore(), s.post("heed_unclaimed", s.team.slug, s.stranger.pk)),
        "unclaimed.heeded",
    ),
    "claim_account": (lambda s: s.browser.post(claim_url(s)), "identity.claimed"),
}

#: Written down elsewhere in full: the log of a team shows who wrote, changed and removed what.
THE_LOG_ITSELF = {
    "log", "edit_entry", "delete_entry", "restore_entry", "complete_entry", "reopen_entry",
    "like", "comment", "delete_comment",
    "api:entries", "api:log_entry", "api:entry", "api:change_entry", "api:remove_entry",
    "api:change_entry_by_post", "api:complete_entry", "api:reopen_entry", "api:restore_entry",
    # What is suggested to somebody is theirs alone; what they log stands in the log.
    "accept_suggestions", "dismiss_suggestions", "undo_suggestions",
}  # fmt: skip
#: They change nothing: they answer what a form asks, or lead away to where the change is made.
CHANGES_NOTHING = {
    "link_preview", "link_summary", "preview_match", "oauth_start", "account_signup",
    "account_reauthenticate", "mfa_authenticate", "mfa_reauthenticate",
    "mfa_download_recovery_codes", "account_reset_password", "api:api-root",
}  # fmt: skip
#: A hook is a receipt, with its own page and outcome.
HOOKS = {"hook"}
#: By keys of mails, or by codes of an app: test_sign_in, test_addresses and test_two_factor go
#: there, and what they do is written down by the same signals as above.
#: By jobs, which are written down when they begin: test_long_work presses these buttons.
BY_JOBS = {"link_past", "undo_job"}
BY_SIGNALS = {
    "account_confirm_email", "account_reset_password_from_key", "account_set_password",
    "mfa_activate_totp", "account_confirm_login_code", "setup",
}  # fmt: skip
#: On several ways, at whose end a token is lent or revoked: test_oauth walks them, and finds both
#: written down.
BY_APPLICATIONS = {"authorize", "device", "oauth_device", "oauth_token", "oauth_revoke"}
#: Each call of a tool is written down, whether it changes anything or not: test_asking looks.
BY_ASSISTANTS = {"mcp"}
NEEDS_NONE = THE_LOG_ITSELF | CHANGES_NOTHING | HOOKS | BY_SIGNALS | BY_JOBS | BY_APPLICATIONS
NEEDS_NONE |= BY_ASSISTANTS


def routes(patterns, space=""):
    """Each with its name, which in a space of names begins with that."""
    for pattern in patterns:
        if isinstance(pattern, URLPattern):
            yield space + pattern.name, pattern
        else:
            yield from routes(pattern.url_patterns, f"{pattern.namespace or ''}:".lstrip(":"))


def is_unsafe(browser, name, pattern) -> bool:
    """What a POST is answered says so, wherever it is sent."""
    known = {"integration_type": "foundry", "pk": 1, "account": 1, "key": "key", "uidb36": "1"}
    known |= {"receipt_id": 1, "delivery_id": 1}
    wanted = {name: known.get(name, "one") for name in pattern.pattern.converters}
    by_words = pattern.pattern.regex.groupindex if not wanted else ()
    wanted |= {name: known.get(name, "one") for name in by_words}
    return browser.post(reverse(name, kwargs=wanted)).status_code != 405


def test_every_unsafe_route_is_written_down_or_named_as_needing_none(scene):
    unsafe = {
        name
        for name, pattern in routes(get_resolver().url_patterns)
        if name not in WRITTEN and is_unsafe(scene.browser, name, pattern)
    }
    scene.browser.force_login(scene.ada)
    assert unsafe - NEEDS_NONE == set()
    assert not NEEDS_NONE & set(WRITTEN)


@pytest.mark.parametrize("name", WRITTEN)
def test_it_is_written_down_who_did_it_and_from_where(
    scene, name, django_capture_on_commit_callbacks
):
    act, action = WRITTEN[name]
    known = set(AuditRecord.objects.values_list("pk", flat=True))
    with django_capture_on_commit_callbacks(execute=True):
        act(scene)
    fresh = {each.action: each for each in AuditRecord.objects.exclude(pk__in=known)}
    assert action in fresh, sorted(fresh)
    if name == "mfa_generate_recovery_codes":
        return  # Written when all is committed: in a test that is after the request.
    assert fresh[action].address == "127.0.0.1"
    if name not in ("account_login", "invitation", "delete_me"):
        assert fresh[action].who == scene.ada.hash_id
    told = " ".join(f"{each.thing} {each.team} {each.details}" for each in fresh.values())
    assert [word for word in (*NAMING, str(scene.by_hand.signing_secret)) if word in told] == []
