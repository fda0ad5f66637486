"""F11: bodies that nobody should send, correctly signed, between good ones."""

from __future__ import annotations

import time
from contextlib import ExitStack
from statistics import fmean, stdev

from faults.fault import Room, fault
from faults.load import Next
from faults.poison import Poison, corpus
from faults.senders import GitHub, Sender, Slack, Webhook
from faults.sending import Sending
from faults.stage import Stage

#: A second: less than a reader on PostgreSQL gets through here. Where hooks queue anyway, how long
#: they wait says little about the poison between them.
GOOD = 20
#: The poison's own team: what becomes of it there is nobody's business.
TEAM = "engines"
#: By how much the good ones may be slower beside poison.
SHARE = 0.1
#: Of a difference of means, so many of its standard errors are chance.
CHANCE = 3
#: In seconds: one after the other, each longer than the wait for the next try.
WAITS = (7, 62, 302, 1802)
MOST_TRIES = 5


@fault("F11", "poison", room=Room.ALL, clocked=True)
def play(stage: Stage) -> None:
    good, seconds = stage.sender("looms/webhook").next, stage.pick(short=3, long=5)
    bad, rounds = _poisons(stage), stage.pick(short=5, long=12)
    pairs = [_pair(stage, each, good, seconds) for each in bad[-rounds:]]
    _throw(stage, bad[:-rounds], good, seconds)
    for wait in WAITS:
        stage.rests(patience=10)
        stage.clock.forward(wait)
    stage.settle()
    stage.compare(without=TEAM)
    stage.verdict.blows = len(bad)
    _judge(stage, {sending.id for sending in bad})
    _judge_waits(stage, pairs)


def _judge_waits(stage: Stage, pairs: list[tuple[float, float]]) -> None:
    """In seconds, without poison and beside it. What is left of the difference when chance is taken
    away must be less than the tenth."""
    more = [beside - without for without, beside in pairs]
    without, added = fmean(each for each, _ in pairs), fmean(more)
    chance = CHANCE * stdev(more) / len(more) ** 0.5
    stage.verdict.must(added - chance < SHARE * without, f"good ones waited {added:.3f} s more")
    stage.verdict.note = (
        f"good ones wait {without:.3f} s, beside poison {added:+.3f} s (give or take {chance:.3f})"
    )


def _pair(stage: Stage, poison: Sending, good: Next, seconds: int) -> tuple[float, float]:
    """In turn: a machine that is slower for a while is so for both."""
    return _waited(stage, [], good, seconds), _waited(stage, [poison], good, seconds)


def _waited(stage: Stage, poison: list[Sending], good: Next, seconds: int) -> float:
    """How long the good ones wait meanwhile."""
    before = set(stage.ledger.sent)
    _throw(stage, poison, good, seconds)
    stage.settle()
    return fmean(lag for id, lag in stage.lags("looms").items() if id not in before)


def _throw(stage: Stage, poison: list[Sending], good: Next, seconds: int) -> None:
    following, rate = iter(poison).__next__, len(poison) / seconds
    with stage.load(GOOD, good), ExitStack() as beside:
        if poison:
            beside.enter_context(
                stage.load(rate, following, lanes=4 if rate > 1 else 1, again=False)
            )
        time.sleep(seconds)


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
