"""The commits of a push, as details of an entry."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from idonethis.integrations.base import Detail, line, record, records
from idonethis.integrations.kits.pushes import MERGES as USUAL
from idonethis.integrations.kits.pushes import likeness, message_of
from idonethis.partners.github.payload import Payload
from idonethis.partners.github.people import is_bots

#: What git and GitHub write when they merge: the merge is not work of its own.
MERGES = (*USUAL, "Merge pull request #")
#: The subject of a squashed pull request; its commits follow, each a paragraph with a bullet.
#: https://docs.github.com/en/pull-requests/collaborating-with-pull-requests/incorporating-changes-from-a-pull-request/about-pull-request-merges#squash-and-merge-your-commits
SQUASHED = re.compile(r".+ \(#[0-9]+\)")
#: GitHub puts no more into a push. Who holds the secret may, and would hold up everybody else's.
#: https://docs.github.com/en/webhooks/webhook-events-and-payloads#push
MOST = 2_048
#: What git adds to the message of a commit that was made once more elsewhere, if it is asked to.
#: https://git-scm.com/docs/git-cherry-pick#Documentation/git-cherry-pick.txt--x
PICKED = re.compile(r"\n\(cherry picked from commit [0-9a-f]{7,64}\)\s*")


def details(payload: Payload, *, picked: bool) -> tuple[Detail, ...]:
    """One for each piece of work, in the order in which they were made: those that say that they
    were made before, elsewhere, or all others."""
    commits = records(payload.body.get("commits"))[:MOST]
    work = (commit for commit in commits if not is_merge(commit))
    found = (commit for commit in work if _is_picked(commit) is picked)
    return tuple(detail for commit in found for detail in _details_of(payload, commit))


def _is_picked(commit: Mapping[str, Any]) -> bool:
    return bool(PICKED.search(message_of(commit)))


def is_merge(commit: Mapping[str, Any]) -> bool:
    return message_of(commit).startswith(MERGES)


def _details_of(payload: Payload, commit: Mapping[str, Any]) -> Iterator[Detail]:
    sha = line(commit.get("id"))[:64]
    subjects = _squashed(message_of(commit))
    if len(subjects) < 2:
        yield _detail(payload, commit, key=f"commit:{sha}", said=message_of(commit))
        return
    for number, subject in enumerate(subjects, start=1):
        yield _detail(payload, commit, key=f"commit:{sha}/{number}", said=subject)


def _squashed(message: str) -> list[str]:
    subject, *paragraphs = message.replace("\r\n", "\n").split("\n\n")
    if not SQUASHED.fullmatch(subject.strip()):
        return []
    return [line(each[2:]) for each in paragraphs if each.startswith("* ")]


def _detail(payload: Payload, commit: Mapping[str, Any], *, key: str, said: str) -> Detail:
    """A rebase or a pick leaves author and message as they are."""
    author = record(commit.get("author")).get("email")
    alike = likeness(payload.repository_id, author, PICKED.sub("", said))
    bot = is_bots(commit)
    if payload.hides_details:
        return Detail(key, "A commit", alike=alike, bot=bot)
    text = line(said) or "A commit without a message"
    return Detail(key, text, line(commit.get("url")), alike, bot)
