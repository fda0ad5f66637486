"""A team of which everything that anybody could want to know is marked: whoever reads one of its
words outside has got out what should have stayed inside.

Every marked word begins with ``canary`` and the team's colour, so that looking for that beginning
finds them all. Names in addresses (slug, ids) are not marked: whoever asks has them already."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cached_property

from django.utils import timezone

from idonethis.accounts.models import ApiToken, App, User
from idonethis.entries.drafts import Actor, Detail, Draft, Growing, Origin
from idonethis.entries.models import Comment, Entry, Like, Source
from idonethis.feeds.models import Feed
from idonethis.integrations import registry
from idonethis.integrations.answers import Answer
from idonethis.integrations.base import Integration, Posts, Receives, Redelivers, Secret
from idonethis.integrations.exchanges import Exchange
from idonethis.integrations.hiding import Hidden
from idonethis.integrations.ingest.intake import Row
from idonethis.integrations.ingest.writer import store
from idonethis.integrations.models import (
    Attempt,
    Delivery,
    IntegrationLink,
    IntegrationUser,
    Job,
    PartnerApp,
    Proving,
    Receipt,
    Refusal,
    RegisteredHook,
    Replay,
    Suggestion,
    UnclaimedPerson,
    needed,
)
from idonethis.integrations.models.selection import Selection
from idonethis.integrations.models.suggestions import WAITS
from idonethis.integrations.reads import BARE
from idonethis.integrations.values import Hook, Reason
from idonethis.mailing.models import MailChoice
from idonethis.porting.brought import Brought, Read, Refused
from idonethis.porting.lines import Logged
from idonethis.porting.models import Upload
from idonethis.teams.models import Invitation, Membership, Role, Team

#: What is kept of a team, and how its rows are found.
KEPT = {
    Team: "pk",
    Membership: "team",
    Invitation: "team",
    Entry: "team",
    Comment: "entry__team",
    Like: "entry__team",
    Source: "team",
    IntegrationLink: "team",
    Delivery: "link__team",
    Attempt: "delivery__link__team",
    UnclaimedPerson: "team",
    Suggestion: "team",
    Job: "team",
    Upload: "team",
    MailChoice: "membership__team",
    Feed: "membership__team",
}
#: What else there is of it, by who it belongs to.
OF_PEOPLE = {IntegrationUser: "user__in", User: "pk__in", ApiToken: "user__in"}


@dataclass(frozen=True)
class Marked:
    """One team with everything in it. What the routes need stands here by name."""

    colour: str
    team: Team
    people: dict[str, User]

    @property
    def mark(self) -> str:
        return f"canary{self.colour}"

    def word(self, what: str) -> str:
        return f"{self.mark}-{what}"

    @cached_property
    def entry(self) -> Entry:
        draft = Draft(
            body=f"{self.word('entry')} #{self.word('tag')} @{self.word('nick')}",
            kind="goal",
            url=f"https://{self.mark}.example.org/{self.word('url')}",
        )
        origin = Origin("app", "", self.word("origin"))
        return Entry.objects.log(draft, team=self.team, user=self.people["member"], origin=origin)

    @cached_property
    def summed_up(self) -> Entry:
        detail = Detail("commit:1", self.word("detail"), f"https://{self.mark}.example.org/detail")
        draft = Growing(body=f"{self.word('pushed')} {{count}}", key="push", details=(detail,))
        member = self.people["member"]
        told = Source.objects.tell(draft, team=self.team, user=member, origin=Origin("app"))
        return told.entry

    @cached_property
    def comment(self) -> Comment:
        grace = self.people["member"]
        self.entry.likes.create(user=grace)
        return self.entry.comments.create(user=grace, body=self.word("comment"))

    @cached_property
    def invitation(self):
        return self.team.invitations.create(invited_by=self.people["admin"])

    @cached_property
    def links(self) -> dict[str, IntegrationLink]:
        """One of each integration that there is."""
        return {kind: self._link(each) for kind, each in registry.integrations().items()}

    def _link(self, integration: Integration) -> IntegrationLink:
        kind = integration.integration_type
        link = IntegrationLink.objects.create(
            integration_type=kind,
            team=self.team,
            user=self.people["admin"],
            integration_user=self._account(kind) if integration.oauth else None,
            subject=self.word("subject"),
            config=integration.defaults,
            trouble=self.word("trouble"),
        )
        self._fill(link)
        return link

    def _account(self, kind: str) -> IntegrationUser:
        uid = f"{self.word('uid')}-{kind}"
        space = IntegrationUser(integration_type=kind, uid=f"{uid}-space", kind="workspace")
        person = IntegrationUser(integration_type=kind, uid=uid, workspace=space)
        for each in (space, person):
            each.user, each.login = self.people["admin"], self.word("login")
            each.name, each.email = self.word("account"), f"{self.word('account')}@example.org"
            each.secrets = {"access_token": self.word("token")}
            each.save()
        return space

    def _fill(self, link: IntegrationLink) -> None:
        integration = link.integration
        if link.awaits_secret:
            link.take_secret(Secret(self.word("theirs")))
        if isinstance(integration, Receives):
            body = f'{{"text": "{self.word("body")}"}}'.encode()
            hook = Hook(body, {"content-type": "application/json"})
            kind, key = link.integration_type, self.word("delivery")
            store([Row(kind, link.pk, key, self.word("event"), hook, dict(hook.headers), BARE)])
            Receipt.objects.get(link_id=link.pk).expand({"text": self.word("more")})
            Receipt.objects.filter(link_id=link.pk).update(
                state="done", outcome=Reason.NO_PERSON, why=self.word("why"), read_for=link.pk
            )
            self._refuse(link)
        if isinstance(integration, Posts):
            sent, _ = Delivery.objects.update_or_create(
                link=link,
                entry=self.entry,
                defaults={"state": "held", "trouble": self.word("held")},
            )
            now = timezone.now()
            url = f"https://{self.mark}.example.org/posts"
            headers, asked = [("X-Version", self.word("header"))], self.word("asked").encode()
            answer = Answer(403, {"x-why": self.word("answer-header")}, self.word("told").encode())
            exchange = Exchange("POST", url, headers, asked, answer=answer)
            Attempt.objects.create(
                delivery=sent,
                at=now,
                took=1,
                result="held",
                said=self.word("said"),
                exchange=exchange.kept(Hidden()),
            )

    def _refuse(self, link: IntegrationLink) -> None:
        """A forged hook came, which is not stored."""
        now = timezone.now()
        Refusal.objects.create(
            integration_type=link.integration_type,
            link_id=link.pk,
            reason=self.word("refused")[:20],
            count=1815,
            hour=now,
            first_seen=now,
            last_seen=now,
        )

    @cached_property
    def link(self) -> IntegrationLink:
        """Of an integration with everything: an account, things to pick, webhooks of its own, what
        did not arrive sent again."""
        wanted = (i for i in registry.integrations().values() if isinstance(i, Redelivers))
        return self.links[next(wanted).integration_type]

    @property
    def receipt(self) -> Receipt:
        return Receipt.objects.get(read_for=self.link.pk)

    @property
    def delivery(self) -> Delivery:
        assert self.links
        return Delivery.objects.filter(link__team=self.team).earliest("pk")

    @cached_property
    def leaving(self) -> RegisteredHook:
        """A webhook that could not be removed at the partner yet."""
        hook = RegisteredHook.objects.create(
            integration_type=self.link.integration_type,
            subject=self.word("subject"),
            trouble=self.word("leaving"),
            attempts=9,
        )
        IntegrationLink.objects.create(
            integration_type=self.link.integration_type,
            team=self.team,
            user=self.people["admin"],
            registered_hook=hook,
            state="removed",
        )
        return hook

    @cached_property
    def unclaimed(self) -> UnclaimedPerson:
        return self._stranger("stranger", ignored=False)

    @cached_property
    def ignored(self) -> UnclaimedPerson:
        return self._stranger("nobody", ignored=True)

    @cached_property
    def upload(self) -> Upload:
        entry = Logged(
            person="1",
            status="done",
            body=self.word("brought"),
            occurred_on=date(2020, 1, 1),
        )
        read = Read(
            [Brought(line=2, key="import:1", entry=entry)],
            {"1": {"email": f"{self.word('there')}@example.org", "name": self.word("there-name")}},
            [Refused(3, self.word("refused"))],
        )
        return Upload.objects.keep(read, team=self.team, name=self.word("file"), user=None)

    def _stranger(self, name: str, *, ignored: bool) -> UnclaimedPerson:
        return UnclaimedPerson.objects.create(
            team=self.team,
            integration_type=self.link.integration_type,
            key=self.word(name),
            login=self.word(f"{name}-login"),
            name=self.word(f"{name}-name"),
            email=f"{self.word(name)}@example.org",
            ignored=ignored,
        )

    @cached_property
    def suggestion(self) -> Suggestion:
        """It waits for the member, and not even the admin may know what it says."""
        begun = Suggestion(team=self.team, user=self.people["member"], link=self.link, key="waits")
        begun.kind, begun.body, begun.day = "done", self.word("suggested"), self.entry.occurred_on
        begun.details = [{"key": "commit:9", "text": self.word("suggested-detail"), "url": ""}]
        begun.expires_at = timezone.now() + WAITS
        begun.save()
        return begun

    @cached_property
    def job(self) -> Job:
        """One that has ended: it says what was done, and by whom it was begun."""
        made = Replay.begin(Selection(link=self.link.hash_id), user=self.people["admin"])
        Job.objects.filter(pk=made.pk).update(state="done")
        return made

    @cached_property
    def match(self) -> IntegrationUser:
        return IntegrationUser.objects.create(
            integration_type=self.link.integration_type,
            uid=self.word("matched-uid"),
            login=self.word("matched-login"),
            user=self.people["member"],
            team=self.team,
            evidence="assigned",
        )

    @cached_property
    def api_token(self) -> ApiToken:
        made = ApiToken.objects.make(self.people["member"], name=self.word("api"), scopes=["read"])
        return made[0]

    @cached_property
    def feed(self) -> Feed:
        member = self.people["member"]
        return Feed.objects.make(member, self.team.memberships.get(user=member))

    @cached_property
    def app(self) -> App:
        """It is the server's, and of no team."""
        made, _ = App.objects.register("Mill", secret=True, scopes=["read"], devices=True)
        return made

    @property
    def claim(self) -> str:
        """What a partner showed to somebody there whom it does not know to be one of us."""
        shown = Proving(self.link.integration_type).claim_url(
            Actor("the-claimants-uid", "claimant")
        )
        return shown.rpartition("/")[2]

    def __getitem__(self, name: str) -> str:
        return str(ADDRESSED[name](self))

    @cached_property
    def secrets(self) -> list[str]:
        """What is shown to nobody outside, although no word of it says whose it is. As it was in
        the beginning: who is outside changes none, which the snapshot holds them to."""
        links = IntegrationLink.objects.filter(team=self.team)
        signers = {self.leaving, *(link.signer for link in links)}
        return [signer.signing_secret for signer in signers if signer.sealed_secret]

    def snapshot(self) -> list[object]:
        """Everything that is kept of this team, as it is now."""
        ids = [person.pk for role, person in self.people.items() if role != "former"]
        rows = [table._base_manager.filter(**{by: self.team.pk}) for table, by in KEPT.items()]
        rows += [table._base_manager.filter(**{by: ids}) for table, by in OF_PEOPLE.items()]
        links = [link.pk for link in self.links.values()]
        rows += [RegisteredHook.objects.filter(pk=self.leaving.pk), PartnerApp.objects.all()]
        rows += [Receipt.objects.filter(link_id__in=links)]
        return [list(each.order_by("pk").values()) for each in rows]


ADDRESSED = {
    "slug": lambda marked: marked.team.slug,
    "team_id": lambda marked: marked.team.hash_id,
    "entry": lambda marked: marked.entry.hash_id,
    "comment": lambda marked: marked.comment.hash_id,
    "type": lambda marked: marked.link.integration_type,
    "link": lambda marked: marked.link.hash_id,
    "leaving": lambda marked: marked.leaving.hash_id,
    "account": lambda marked: marked.link.integration_user.hash_id,
    "hook_token": lambda marked: marked.link.hook_token,
    "api_token": lambda marked: marked.api_token.hash_id,
    "app": lambda marked: marked.app.hash_id,
    "feed": lambda marked: marked.feed.hash_id,
    "invitation": lambda marked: marked.invitation.pk,
    "invitation_token": lambda marked: marked.invitation.token,
    "member": lambda marked: marked.people["member"].hash_id,
    "unclaimed": lambda marked: marked.unclaimed.pk,
    "ignored": lambda marked: marked.ignored.pk,
    "claim": lambda marked: marked.claim,
    "job": lambda marked: marked.job.hash_id,
    "upload": lambda marked: marked.upload.hash_id,
    "suggestion": lambda marked: marked.suggestion.hash_id,
    "match": lambda marked: marked.match.pk,
    "receipt": lambda marked: marked.receipt.pk,
    "delivery": lambda marked: marked.delivery.pk,
    "mail_kind": lambda marked: "digest",
    "nothing": lambda marked: "nothing",
}


def marked(colour: str) -> Marked:
    """A team in which somebody of each role is, and somebody was."""
    mark = f"canary{colour}"
    people = {role: _person(mark, role) for role in ("admin", "member", "observer")}
    people["former"] = User.objects.enrol(
        f"former-{colour}@example.org", "engine", verified=True, name="Who Left"
    )
    team = Team.objects.create(name=f"{mark}-team", slug=f"engines-{len(colour)}")
    team.done_prompt = f"{mark}-prompt"
    team.save()
    for role in ("admin", "member", "observer"):
        team.join(people[role], role)
    made = Marked(colour, team, people)
    _fill(made)
    return made


def _person(mark: str, role: str) -> User:
    return User.objects.enrol(
        f"{mark}-{role}@example.org",
        "engine",
        verified=True,
        name=f"{mark}-{role}-name",
        nickname=f"{mark}-nick" if role == "member" else "",
    )


def _fill(made: Marked) -> None:
    former = made.people["former"]
    membership = made.team.join(former, Role.ADMIN)
    theirs = Draft(body=f"{made.word('of-the-former')}")
    Entry.objects.log(theirs, team=made.team, user=former)
    for name in ADDRESSED:
        made[name]
    assert made.links and made.summed_up
    made.link.integration_user.people.create(
        integration_type=made.link.integration_type, uid="former", user=former, team=made.team
    )
    membership.end()
    # Taking an admin's rights away withdraws the invitations that they have seen.
    made.invitation.restore()


def registered_at_all_partners() -> None:
    """So that everything there is can be reached."""
    for kind, integration in registry.integrations().items():
        app, _ = PartnerApp.objects.get_or_create(integration_type=kind)
        app.keep({each.name: f"canarysecret-{each.name}" for each in needed(integration)})
