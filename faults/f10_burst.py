"""F10: ten times the rated load, over one link."""

from __future__ import annotations

import threading
import time
from itertools import chain

from faults.browser import Browser
from faults.fault import Room, fault
from faults.ledger import percentile
from faults.people import ADA
from faults.stage import Stage
from faults.template import TYPING

TIMES = 10
#: What an acknowledgement may take in the burst, in seconds: for 99 of 100.
ACK = 1.0
#: How long the backlog may take, in seconds.
DRAINED = 600
#: How far behind another link may fall: a part of what the backlog takes, and what turns take.
SHARE, TURNS = 0.4, 5
#: How long somebody who types an entry meanwhile may wait, in seconds.
TYPED = 10
LANES = 64


@fault("F10", "ten times the rated load", room=Room.ALL)
def play(stage: Stage) -> None:
    seconds, verdict = stage.pick(short=2, long=10), stage.verdict
    sender = stage.sender("looms/webhook", name="burst")
    ready = [sender.next() for _ in range(TIMES * stage.rate * seconds)]
    following = chain(ready, iter(sender.next, None)).__next__
    with Neighbour(stage) as neighbour:
        began = time.monotonic()
        with stage.load(TIMES * stage.rate, following, lanes=LANES):
            time.sleep(seconds)
        took = time.monotonic() - began
        with stage.load(stage.rate):
            time.sleep(seconds)
        began = time.monotonic()
        stage.settle(patience=DRAINED)
        drained = time.monotonic() - began
    verdict.blows = 1
    stage.compare()
    _judge(stage, neighbour, most=SHARE * drained + TURNS)
    rate = sum(each.link == "looms/webhook" for each in stage.ledger.tries) / took
    verdict.note = (
        f"{rate:.0f} hooks/s offered, ack p99 {1000 * _p99(stage):.0f} ms, drained in "
        f"{drained:.0f} s, another link {neighbour.lag:.1f} s behind at most"
    )


def _p99(stage: Stage) -> float:
    return percentile(stage.ledger.acks(), 0.99)


def _judge(stage: Stage, neighbour: Neighbour, *, most: float) -> None:
    """``most``: seconds that the neighbour may be behind."""
    must = stage.verdict.must
    heard = {each.status for each in stage.ledger.tries if not each.acknowledged}
    late = {each.status for each in stage.ledger.tries if each.is_later}
    must(heard == late, f"senders heard {sorted(heard - late)}")
    must(_p99(stage) < ACK, f"an acknowledgement in a hundred took over {ACK} s")
    must(neighbour.lag < most, f"another link fell {neighbour.lag:.0f} s behind")
    must(not neighbour.refused, f"who typed an entry was answered with {neighbour.refused}")
    must(neighbour.waited < TYPED, f"who typed an entry waited {neighbour.waited:.0f} s")


class Neighbour:
    """Somebody who has nothing to do with it: a link of another team that sends once a second, and
    a person who types an entry every two."""

    def __init__(self, stage: Stage) -> None:
        self.stage = stage
        self.refused: list[int] = []
        self.waited = 0.0
        self._ending = threading.Event()
        self._thread = threading.Thread(target=self._type, daemon=True)
        self._load = stage.load(1, stage.sender("engines/webhook", name="neighbour").next, lanes=1)

    def __enter__(self) -> Neighbour:
        self._load.__enter__()
        self._thread.start()
        return self

    def __exit__(self, *problem: object) -> None:
        self._ending.set()
        self._thread.join()
        self._load.__exit__(*problem)

    def _type(self) -> None:
        ada = Browser(self.stage.servers.url, ADA)
        while not self._ending.wait(2):
            began = time.monotonic()
            answer = ada.post(f"/t/{TYPING}/log", body="Watched the burst")
            self.waited = max(self.waited, time.monotonic() - began)
            if answer.status_code >= 400:
                self.refused.append(answer.status_code)
        ada.close()

    @property
    def lag(self) -> float:
        """The longest from when a hook of theirs was sent until its entry stood, in seconds."""
        return max(self.stage.lags("engines").values(), default=0.0)
