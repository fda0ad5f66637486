"""F18: links are made and removed in every unlucky moment, and no webhook stays at the partner."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import Any

import httpx

from faults.browser import Browser
from faults.fault import Room, fault
from faults.partner import Partner
from faults.people import ADA
from faults.stage import Stage

ENGINE = "analytical/engine"
HOOKS = "/api/v3/repos/analytical/engine/hooks"
EVENTS = ["push", "pull_request", "issues"]
#: Longer than a webhook may stand at the partner before its link does.
UNUSED = 11 * 60
#: How soon the sweep has removed what is due, in real seconds.
SWEPT = 40


@fault("F18", "link races", room=Room.LITTLE, clocked=True)
def play(stage: Stage) -> None:
    github = Partner("github", stage.folder, env=stage.clock.env).start()
    try:
        stage.servers.restart(**_known(github))
        ada = Browser(stage.servers.url, ADA)
        ada.connect("github")
        for race in (_press_twice, _destroy_under_fire, _fail_half_way, _die_half_way, _be_away):
            race(stage, github, ada)
            stage.verdict.blows += 1
        _sweep(stage, github)
    finally:
        github.stop()
    stage.compare(without="engines")


def _known(github: Partner) -> dict[str, str]:
    client = {"CLIENT_ID": "pretend-github-client", "CLIENT_SECRET": "pretend-github-secret"}
    return {f"GITHUB_{name}": value for name, value in client.items()} | github.addresses


def _link(ada: Browser) -> int:
    """Ada links the repository; the status of the answer, 0 without one."""
    chosen = {"repository": ENGINE, "events": EVENTS, "private": "title"}
    try:
        return ada.link("github", "engines", **chosen).status_code
    except httpx.HTTPError:
        return 0


def _unlink(ada: Browser, stage: Stage) -> list[int]:
    links = [each for each in stage.site.told_lines("link", "list") if each["name"] == ENGINE]
    answers = [ada.post(f"/integrations/github/link/{each['id']}") for each in links]
    return [answer.status_code for answer in answers]


def _at_once(*actions: Callable[[], Any]) -> None:
    barrier = threading.Barrier(len(actions))

    def act(action: Callable[[], Any]) -> None:
        barrier.wait()
        action()

    threads = [threading.Thread(target=act, args=(action,)) for action in actions]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def _press_twice(stage: Stage, github: Partner, ada: Browser) -> None:
    other, heard = Browser(stage.servers.url, ADA), []
    _at_once(lambda: heard.append(_link(ada)), lambda: heard.append(_link(other)))
    other.close()
    # The second one's webhook goes once its link is refused.
    _await_hooks(github, 1)
    _must_stand(stage, github, 1, "after a double click")
    stage.verdict.must(302 in heard and max(heard) < 500, f"a double click heard {heard}")


def _destroy_under_fire(stage: Stage, github: Partner, ada: Browser) -> None:
    def push() -> None:
        for _ in range(20):
            github.do("push", repository=ENGINE, actor="ada", commits=1)

    _at_once(push, lambda: _unlink(ada, stage))
    sent = github.read("journal")["sent"]
    statuses = {each["status"] for each in sent if each["status"]}
    # A hook that comes before its link is made is told to come again.
    broken = [status for status in statuses if status >= 500 and status != 503]
    stage.verdict.must(not broken, f"hooks heard {sorted(statuses)}")
    _await_hooks(github, 0)
    _must_stand(stage, github, 0, "after the link was removed under fire")


def _fail_half_way(stage: Stage, github: Partner, ada: Browser) -> None:
    """The webhook is made, and its answer is lost; or it is not made at all."""
    for kind in ("truncated", "500", "reset"):
        github.do("faults", path=HOOKS, method="POST", fault=kind)
        status = _link(ada)
        stage.verdict.must(status == 422, f"a registration with “{kind}” was answered {status}")
        stage.verdict.must(not _unlink(ada, stage), f"a link stands after “{kind}”")


def _die_half_way(stage: Stage, github: Partner, ada: Browser) -> None:
    """The server dies while the partner makes the webhook."""
    github.do("faults", path=HOOKS, method="POST", fault="slow", seconds=2)
    linking = threading.Thread(target=_link, args=(ada,))
    linking.start()
    time.sleep(1)
    stage.site.kill()
    linking.join()
    time.sleep(2)
    stage.site.start()


def _be_away(stage: Stage, github: Partner, ada: Browser) -> None:
    """The partner is away when the link is removed."""
    stage.verdict.must(_link(ada) == 302, "after all that, no link could be made")
    github.stop()
    _unlink(ada, stage)
    time.sleep(2)
    github.start()


def _sweep(stage: Stage, github: Partner) -> None:
    stage.clock.forward(UNUSED)
    _await_hooks(github, 0)
    left = len(_hooks(github))
    stage.verdict.must(not left, f"{left} webhooks were left at the partner")
    stage.verdict.note = f"{left} orphans"


def _await_hooks(github: Partner, count: int) -> None:
    until = time.monotonic() + SWEPT
    while len(_hooks(github)) != count and time.monotonic() < until:
        time.sleep(0.2)


def _hooks(github: Partner) -> list[dict[str, Any]]:
    return list(github.read("hooks")["hooks"])


def _must_stand(stage: Stage, github: Partner, count: int, when: str) -> None:
    there = len(_hooks(github))
    stage.verdict.must(there == count, f"{when} there are {there} webhooks, not {count}")
