"""F11: bodies that nobody should send, correctly signed, between good ones."""

from __future__ import annotations

import time
from contextlib import ExitStack
from statistics import median

from faults.fault import fault
from faults.ledger import percentile
from faults.load import Next
from faults.poison import Poison, corpus
from faults.senders import GitHub, Sender, Slack, Webhook
from faults.sending import Sending
from faults.stage import Stage

#: A second: less than a reader on PostgreSQL gets through here. Where hooks queue anyway, how long
#: they wait says little about the poison between them.
GOOD = 20
#: Good ones for each that is poisoned, while it is measured what that costs them.
FEW = 100
#: The poison's own team: what becomes of it there is nobody's business.
TEAM = "engines"
#: How often the good ones are measured, without poison and beside it in turn: a machine that is
#: slower for a while is so for both.
ROUNDS = 3
#: What the good ones may wait longer than without poison: a tenth, and what a busy machine adds.
SHARE, NOISE = 1.1, 0.2
#: In seconds: one after the other, each longer than the wait for the next try.
WAITS = (7, 62, 302, 1802)
MOST_TRIES = 5


@fault("F11", "poison", clocked=True)
def play(stage: Stage) -> None:
    good, seconds = stage.sender("looms/webhook").next, stage.pick(short=5, long=10)
    bad = _poisons(stage)
    few = GOOD * seconds // FEW
    without, beside = [], []
    for start in range(0, ROUNDS * few, few):
        without.append(_waited(stage, [], good, seconds))
        beside.append(_waited(stage, bad[start : start + few], good, seconds))
    _throw(stage, bad[ROUNDS * few :], good, seconds)
    for wait in WAITS:
        stage.rests(patience=10)
        stage.clock.forward(wait)
    stage.settle()
    stage.compare(without=TEAM)
    stage.verdict.blows = len(bad)
    _judge(stage, {sending.id for sending in bad})
    _judge_waits(stage, median(without), median(beside))


def _judge_waits(stage: Stage, without: float, beside: float) -> None:
    """In seconds."""
    patient = beside < SHARE * without + NOISE
    stage.verdict.must(patient, f"good ones waited {beside:.1f} s beside poison")
    stage.verdict.note = f"good ones' p95 {without:.2f} s without, {beside:.2f} s beside poison"


def _waited(stage: Stage, poison: list[Sending], good: Next, seconds: int) -> float:
    """The longest that the good ones wait meanwhile, but for five in a hundred."""
    before = set(stage.ledger.sent)
    _throw(stage, poison, good, seconds)
    stage.settle()
    return _p95(stage, before)


def _throw(stage: Stage, poison: list[Sending], good: Next, seconds: int) -> None:
    following, rate = iter(poison).__next__, len(poison) / seconds
    with stage.load(GOOD, good), ExitStack() as beside:
        if poison:
            beside.enter_context(
                stage.load(rate, following, lanes=4 if rate > 1 else 1, again=False)
            )
        time.sleep(seconds)


def _p95(stage: Stage, besides: set[str]) -> float:
    lags = stage.lags("looms")
    return percentile(sorted(lag for id, lag in lags.items() if id not in besides), 0.95)


def _poisons(stage: Stage) -> list[Sending]:
    senders = {kind: stage.sender(f"{TEAM}/{kind}") for kind in ("github", "webhook")}
    senders["slack"] = stage.sender(f"{TEAM}/slack")
    made = corpus(stage.chance, share=stage.pick(short=0.3, long=1))
    return [_signed(senders[each.kind], each, number) for number, each in enumerate(made)]


def _signed(sender: Sender, poison: Poison, number: int) -> Sending:
    id = f"poison-{number}"
    if isinstance(sender, GitHub):
        return sender.signed(id, poison.event, poison.body)
    if isinstance(sender, Slack):
        # Two that are spoiled in two ways are two events, not one that comes twice.
        body = poison.body.replace(b"Ev0", b"Ev%dE" % number)
        return sender.signed(id, body, int(time.time()), is_form=poison.event == "form")
    assert isinstance(sender, Webhook)
    return sender.signed(id, poison.body)


def _judge(stage: Stage, poisons: set[str]) -> None:
    must = stage.verdict.must
    tries = [each for each in stage.ledger.tries if each.id in poisons]
    wrong = {each.status for each in tries if not 200 <= each.status < 500}
    must(len({each.id for each in tries}) == len(poisons), "not all poison was sent")
    must(not wrong, f"poison was answered with {sorted(wrong)}")
    ends = stage.ask("SELECT delivery_key, outcome, why, attempts, event FROM integrations_receipt")
    for key, outcome, why, attempts, event in ends:
        sound = outcome and why.endswith((".", "?", "…")) and attempts <= MOST_TRIES
        if not sound:
            stage.verdict.examples.append(f"{key} {event}: {outcome} “{why}” after {attempts}")
            must(False, f"{key} ended as “{outcome}” without a reason")
