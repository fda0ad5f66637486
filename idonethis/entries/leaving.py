"""What happens to what somebody wrote, when they are deleted."""

from __future__ import annotations

from django.db import models

from idonethis.accounts.models import User
from idonethis.entries.models import Comment, Entry, Like, Source
from idonethis.entries.traces import Traces
from idonethis.teams.models import Team, WhenDeleted


def forget(user: User, traces: Traces) -> None:
    """In the teams that they share, as each wants it; then everywhere that they are mentioned."""
    for team in Team.objects.shared().filter(entries__user=user).distinct():
        mine = Entry.objects.for_team(team).for_user(user)
        if team.when_deleted == WhenDeleted.GO:
            mine.delete()
        else:
            _unname(mine, traces)
    _forget_comments(user, traces)
    _forget_mentions(user)
    Like.objects.filter(user=user).delete()


def _unname(entries: models.QuerySet[Entry], traces: Traces) -> None:
    for entry in entries.prefetch_related("sources"):
        entry.body, entry.counted_body = (
            traces.erased(entry.body),
            traces.erased(entry.counted_body),
        )
        entry.origin_label = traces.erased(entry.origin_label)
        entry.url = "" if traces.are_in(entry.url) else entry.url
        entry.save()
        named = [tag.pk for tag in entry.tags.all() if traces.are_in(tag.name)]
        entry.tags.filter(pk__in=named).delete()
        _unname_sources(entry.sources.all(), traces)


def _unname_sources(sources: models.QuerySet[Source], traces: Traces) -> None:
    for source in sources:
        source.text = traces.erased(source.text)
        source.url = "" if traces.are_in(source.url) else source.url
        source.key = traces.nameless(source.key)
        source.save()


def _forget_comments(user: User, traces: Traces) -> None:
    mine = Comment.objects.filter(user=user)
    mine.filter(entry__team__when_deleted=WhenDeleted.GO).delete()
    for comment in mine:
        comment.body = traces.erased(comment.body)
        comment.save(update_fields=["body"])


def forget_in_words_of_others(traces: Traces) -> None:
    """Their whole name, their addresses and logins, whoever wrote them down."""
    for rows in (Entry.objects.all(), Comment.objects.all()):
        named = models.Q(pk=None)
        for word in traces.words:
            named |= models.Q(body__icontains=word)
        for row in rows.filter(named):
            rows.filter(pk=row.pk).update(body=traces.erased(row.body))


def _forget_mentions(user: User) -> None:
    """Others wrote it; who was meant is nobody any more."""
    if not user.nickname:
        return
    called = Traces.of([f"@{user.nickname}"])
    for entry in Entry.objects.filter(mentioned=user):
        entry.body = called.erased(entry.body)
        entry.save(update_fields=["body", "updated_at"])
    user.mentions.clear()
