from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from idonethis.doctor import data, machine, partners, server
from idonethis.doctor.finding import Finding, Verdict, bad

Check = Callable[[], Iterator[Finding]]

HERE: tuple[Check, ...] = (
    server.alive,
    data.databases,
    data.migrations,
    data.search,
    data.inbox,
    data.outbox,
    data.links,
    partners.keys,
    partners.credentials,
    server.mail,
    server.mail_in,
    machine.disk,
    machine.files,
    machine.sqlite,
    machine.clock,
)
ONLINE: tuple[Check, ...] = (partners.known_there, partners.clocks)


@dataclass(frozen=True)
class Checkup:
    findings: tuple[Finding, ...]

    @classmethod
    def here(cls) -> Checkup:
        """What can be seen without calling anybody."""
        return cls(_found(HERE))

    @classmethod
    def from_terminal(cls, *, online: bool) -> Checkup:
        """Calls the server by its address; ``online``: the partners, too."""
        return cls(_found((server.address, *HERE, *(ONLINE if online else ()))))

    @property
    def is_bad(self) -> bool:
        return any(finding.verdict is Verdict.BAD for finding in self.findings)


def _found(checks: tuple[Check, ...]) -> tuple[Finding, ...]:
    return tuple(finding for check in checks for finding in _carefully(check))


def _carefully(check: Check) -> Iterator[Finding]:
    """One that fails says so, and the others go on."""
    try:
        yield from check()
    except Exception as problem:
        name = check.__name__.replace("_", " ").capitalize()
        says = f"It could not be looked at: {problem}"
        yield bad(name, says.splitlines()[0], fix="Put right what stands above first.")
