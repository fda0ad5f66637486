"""Plain git: what is pushed becomes a done, told by a hook of the repository.

https://git-scm.com/docs/githooks#post-receive; the hook is a script of ours, in ``setup.md``."""

from __future__ import annotations

from collections.abc import Iterator

from idonethis.integrations.base import Asks, Event, Hook, Link, Place, Receives, SharedToken
from idonethis.partners.git.pushes import Push


class Git(Receives):
    name = "Plain git"
    category = "Code"
    tagline = "Pushes to any git repository become dones, by a hook that you paste there."
    asks = Asks(place=Place("branch", "branches", usual="the default branch"))
    # Ours to choose: a shell has no good way to sign, and the secret travels encrypted.
    signature = SharedToken("Authorization", prefix="Bearer ")

    def summary(self, link: Link) -> str:
        return "Logs commits, as one entry a day that grows"

    def event(self, hook: Hook) -> str:
        return "push"

    def hook(self, hook: Hook, link: Link) -> Iterator[Event]:
        yield from Push.of(hook.json).events()


integration = Git()
