"""F6: the partner is there, and behaves in every bad way that partners have."""

from __future__ import annotations

from faults.browser import Browser
from faults.calls import to_channel, within_wait
from faults.fault import Room, fault
from faults.people import ADA
from faults.stage import Stage
from faults.template import POSTING

#: Which calls go wrong: those to the couriers' channel alone.
CHANNEL = POSTING["couriers"].partition("|")[0]
POST = {"path": "/api/chat.postMessage", "words": CHANNEL}
TOKEN = {"path": "/api/oauth.v2.access"}
#: In which the partner posts and the answer gets lost: it may stand there twice.
UNHEARD = ("slow", "truncated", "drip")
FAULTS = ("reset", "500", "502", "503", "html", "garbage", "huge", "redirect", *UNHEARD)
#: Those of which none is much like another.
DIFFERENT = ("reset", "503", "html", "huge", "redirect", "slow", "truncated")
#: How long the partner asks us to wait, in seconds.
RETRY_AFTER = 3
#: How long the other link may take meanwhile, and this one afterwards, in seconds.
SOON = 8
#: Longer than the wait before a second try.
SECOND_TRY = 7


@fault("F6", "bad partners", room=Room.LITTLE, clocked=True)
def play(stage: Stage) -> None:
    for kind in stage.pick(short=DIFFERENT, long=FAULTS):
        _go_wrong(stage, kind)
    _be_told_to_wait(stage)
    _refuse_connections(stage)
    _let_the_token_end(stage)
    stage.settle()
    stage.compare()
    followed = [call for call in stage.slack.calls() if call["path"] == "/elsewhere"]
    stage.verdict.must(not followed, "a redirect was followed")


def _go_wrong(stage: Stage, kind: str) -> None:
    stage.verdict.blows += 1
    stage.excused += kind in UNHEARD
    stage.slack.do("faults", fault=kind, seconds=1 if kind == "drip" else 15, **POST)
    texts = _log(stage, kind)
    stage.clock.forward(SECOND_TRY)
    _arrive(stage, texts, f"after “{kind}”", within=40)


def _log(stage: Stage, kind: str) -> list[str]:
    """A few for the link in trouble, and then one for the other link, which is not to wait."""
    texts = stage.send(stage.sender("couriers/webhook", name=f"couriers-{kind}").next, 3)
    other = stage.send(stage.sender("pigeons/webhook", name=f"pigeons-{kind}").next, 1)
    stage.verdict.must(
        stage.await_posts("pigeons", other, within=SOON), f"“{kind}” held up another link"
    )
    return texts


def _arrive(stage: Stage, texts: list[str], when: str, *, within: float = SOON) -> None:
    there = stage.await_posts("couriers", texts, within=within)
    stage.verdict.must(there, f"{when} not everything was sent")


def _be_told_to_wait(stage: Stage) -> None:
    stage.verdict.blows += 1
    stage.slack.do("faults", fault="429", retry_after=RETRY_AFTER, times=3, **POST)
    _arrive(stage, _log(stage, "429"), "after 429", within=60)
    early = within_wait(to_channel(stage.slack.calls(), CHANNEL), RETRY_AFTER)
    stage.verdict.must(not early, f"{early} calls came before Retry-After was over")


def _refuse_connections(stage: Stage) -> None:
    stage.verdict.blows += 1
    stage.slack.stop()
    texts = stage.send(stage.sender("couriers/webhook", name="couriers-refused").next, 3)
    stage.slack.start()
    stage.clock.forward(SECOND_TRY)
    _arrive(stage, texts, "after refused connections", within=40)


def _let_the_token_end(stage: Stage) -> None:
    """It runs out and is renewed; cannot be renewed just now; and is taken back, until somebody
    connects again."""
    stage.verdict.blows += 3
    sender = stage.sender("couriers/webhook", name="couriers-token").next
    stage.slack.do("expire", account="ada")
    _arrive(stage, stage.send(sender, 2), "with a token that ran out")
    stage.slack.do("expire", account="ada")
    stage.slack.do("faults", fault="500", **TOKEN)
    texts = stage.send(sender, 2)
    stage.clock.forward(SECOND_TRY)
    _arrive(stage, texts, "after a refresh that failed", within=40)
    stage.slack.do("expire", account="ada")
    stage.slack.do("revoke", account="ada")
    texts = stage.send(sender, 2)
    held = not stage.await_posts("couriers", texts, within=3)
    stage.verdict.must(held, "with a token that was taken back something was sent")
    ada = Browser(stage.servers.url, ADA)
    ada.connect("slack")
    ada.close()
    _arrive(stage, texts, "once the account was connected again", within=20)
