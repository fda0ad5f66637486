"""F16: one link suddenly sends ten thousand hooks in a minute. All of it is held until somebody
decides, and nobody else notices."""

from __future__ import annotations

import math
import re
import time
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial

from faults.browser import Browser
from faults.fault import Room, fault
from faults.ledger import percentile
from faults.people import ADA, GRACE, PEOPLE, Person
from faults.sending import Sending
from faults.stage import Stage, instant

#: Hooks a second: ten thousand in a minute, and what another link sends meanwhile.
RATE, CALM_RATE = 10_000 / 60, 2
STORMY, CALM = "looms/webhook", "engines/webhook"
#: How many entries a link may make in a minute, as an installation has it by itself, and in the
#: short form, which lasts a part of a minute; more than the other link makes.
LONG, SHORT = 300, 150
#: So many hooks a reader has in hand when it is noticed.
BATCH = 100
#: How late entries of another link may be, in seconds: 95 of 100.
LATE = 2.0
#: How long the whole of it may take to be held, and to be let out again, in seconds.
HELD, LET_OUT = 120, 600
SUBJECT = "Subject: Incoming webhook needs you: say what becomes of a storm"
BANNER = "A storm from"


@fault("F16", "storm from one link", room=Room.LITTLE)
def play(stage: Stage) -> None:
    limit, seconds = stage.pick(short=(SHORT, 5), long=(LONG, 60))
    _brake(stage, limit)
    with stage.load(CALM_RATE, stage.sender(CALM, name="calm").next, lanes=2):
        _pour(stage, int(RATE * seconds))
        storm = Storm(stage)
        storm.judge_held(limit)
        began = time.time()
        storm.decide("fold")
        let_out = time.time() - began
    stage.settle()
    storm.expect_folded()
    stage.compare()
    storm.judge_folded()
    stage.verdict.blows = 1
    late, held, folded = _late(stage), _late(stage, until=began), _late(stage, since=began)
    stage.verdict.must(late < LATE, f"another link's entries were {late:.1f} s late")
    stage.verdict.note = (
        f"{storm.made} of {storm.sent} were entries before it was noticed, folded in {let_out:.0f} "
        f"s, another link's p95 {held:.2f} s while it was held and {folded:.2f} s while folded"
    )


def _late(stage: Stage, *, since: float = 0, until: float = math.inf) -> float:
    """How late entries of the other link were that were sent in between, but for five in a
    hundred."""
    began = {each.id: each.began for each in reversed(stage.ledger.tries)}
    lags = stage.lags(CALM.partition("/")[0])
    return percentile(sorted(lags[id] for id in lags if since <= began[id] < until), 0.95)


def _brake(stage: Stage, limit: int) -> None:
    """As other faults do without; where there may be several servers, there are two."""
    stage.serve_more()
    stage.servers.restart(STORM_LIMIT=str(limit))


def _pour(stage: Stage, count: int) -> None:
    sender = stage.sender(STORMY, name="storm")
    ready = iter([sender.next() for _ in range(count)])
    began = time.monotonic()
    with stage.load(RATE, ready.__next__, lanes=64):
        stage.until(lambda: _sent(stage) == count, patience=10 * count / RATE)
    stage.verdict.must(_sent(stage) == count, f"only {_sent(stage)} could be sent")
    took = time.monotonic() - began
    stage.verdict.must(took < 2 * count / RATE, f"the storm took {took:.0f} s to send")


def _sent(stage: Stage) -> int:
    return sum(each.link == STORMY for each in list(stage.ledger.sent.values()))


class Storm:
    """What became of it, as its owner sees it and as the database says."""

    def __init__(self, stage: Stage) -> None:
        self.stage, self.must = stage, stage.verdict.must
        team, kind = STORMY.split("/")
        which = f"team_id = (SELECT id FROM teams_team WHERE slug = '{team}')"
        links = "integrations_integrationlink"
        found = f"SELECT id, hash_id FROM {links} WHERE {which} AND integration_type = '{kind}'"
        ((self.link, self.hash_id),) = stage.ask(found)
        self.sent = len(self._acknowledged)
        self.made = 0
        self._entries = f"SELECT count(*) FROM entries_entry WHERE {which}"
        self._held = "SELECT count(*) FROM integrations_receipt WHERE state = 'held'"

    @property
    def _acknowledged(self) -> list[Sending]:
        sent, heard = self.stage.ledger.sent, self.stage.ledger.acknowledged
        return [each for each in sent.values() if each.link == STORMY and each.id in heard]

    def judge_held(self, limit: int) -> None:
        """Before anybody has decided."""
        count, must = self.stage.count, self.must
        self.stage.until(lambda: count(self._held) == self.sent, patience=HELD)
        self.stage.until(self._is_told, patience=HELD)
        held, standing = count(self._held), count(f"{self._entries} AND deleted_at IS NULL")
        others = count(f"{self._held} AND read_for <> {self.link}")
        must(held == self.sent, f"{held} of {self.sent} were held")
        must(not others, f"{others} of other links were held")
        must(not standing, f"{standing} entries stood before anybody had decided")
        self.made = count(self._entries)
        most = limit + BATCH * len(self.stage.servers.those("work"))
        must(self.made <= most, f"{self.made} entries were made before it was noticed")
        self._judge_told()

    def _is_told(self) -> bool:
        return not self.stage.count("SELECT count(*) FROM integrations_notice WHERE state = 'due'")

    def _judge_told(self) -> None:
        storms = self.stage.count("SELECT count(*) FROM integrations_storm")
        self.must(storms == 1, f"it was taken for {storms} storms")
        self._judge_mails()
        for person, lines in ((ADA, 1), (GRACE, 0)):
            seen = self._page_of(person).count(BANNER)
            self.must(seen == lines, f"{person.name} saw {seen} lines about it")

    def _judge_mails(self) -> None:
        logs = {each.log for each in self.stage.servers.those("work")}
        mails = "".join(log.read_text() for log in logs)
        told = re.findall(r"^To: (.+)$", mails, re.MULTILINE)
        is_right = told == [ADA.email] and mails.count(SUBJECT) == 1
        self.must(is_right, f"mails went to {told}, {mails.count(SUBJECT)} of them about it")

    def _page_of(self, person: Person) -> str:
        browser = Browser(self.stage.servers.url, person)
        page = browser.get(f"/t/{STORMY.partition('/')[0]}").text
        browser.close()
        return page

    def decide(self, choice: str) -> None:
        """As its owner does, on the page that the mail leads to; returns when that is done."""
        ada = Browser(self.stage.servers.url, ADA)
        answer = ada.post(f"/links/{self.hash_id}/storm", choice=choice)
        ada.close()
        self.must(answer.status_code == 302, f"who decided was answered {answer.status_code}")
        over = partial(self.stage.count, "SELECT count(ended_at) FROM integrations_storm")
        self.stage.until(lambda: bool(over()), patience=LET_OUT)
        left = self.stage.count(self._held)
        self.must(not left, f"{left} were still held {LET_OUT} s after it was decided")

    def expect_folded(self) -> None:
        """Each is a part of the one entry of its person now, on the day on which it began."""
        ((began,),) = self.stage.ask("SELECT began_at FROM integrations_storm")
        at = datetime.fromtimestamp(instant(began), UTC)
        days = {person.email: person.day_of(at).isoformat() for person in PEOPLE}
        for each in self._acknowledged:
            (said,) = each.means
            inside = "# in a storm from Incoming webhook"
            means = (said._replace(day=days[said.person], inside=inside),)
            self.stage.ledger.sent[each.id] = replace(each, means=means)

    def judge_folded(self) -> None:
        """A goal stays a goal, so that a person has one entry of each kind."""
        due = {(said.person, said.kind) for each in self._acknowledged for said in each.means}
        standing = self.stage.count(f"{self._entries} AND deleted_at IS NULL")
        self.must(standing == len(due), f"it became {standing} entries instead of {len(due)}")
        self._judge_mails()
        seen = self._page_of(ADA).count(BANNER)
        self.must(not seen, "the line about it stayed after it was decided")
