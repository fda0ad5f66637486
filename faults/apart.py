"""One log served by several processes, as on several machines: they share a database, a broker,
keys and nothing else."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

from faults.broker import RabbitMQ
from faults.stage import Stage
from tests.site import Site

PARTS = ("ingest", "ingest", "work", "work", "beat", "web")


class Member(Site):
    """A process that plays one part."""

    def play(self, part: str) -> Member:
        self.part = part
        self.start()
        return self


class Many:
    """``sites`` of the stage are those that take hooks from now on."""

    def __init__(self, stage: Stage, broker: RabbitMQ, after: ExitStack) -> None:
        self.broker = broker
        told = {**stage.settings, "BASE_URL": stage.site.url, "BROKER_URL": broker.url}
        self.members = []
        for number, part in enumerate(PARTS):
            member = Member(stage.data, **told)
            member.log = stage.folder / f"{part}-{number}.txt"
            after.callback(end, stage, member)
            self.members.append(member.play(part))
        stage.sites = [member for member in self.members if member.part == "ingest"]


def end(stage: Stage, member: Member) -> None:
    if hasattr(member, "process") and member.process.poll() is None:
        stage.verdict.must(member.stop() == 0, f"the {member.part} did not end in order")


@contextmanager
def many(stage: Stage) -> Iterator[Many]:
    """In place of the one server of the stage, for the length of a with block."""
    stage.verdict.must(stage.site.stop() == 0, "the server did not end in order")
    with ExitStack() as after:
        broker = RabbitMQ()
        after.callback(broker.stop)
        broker.start()
        yield Many(stage, broker, after)
