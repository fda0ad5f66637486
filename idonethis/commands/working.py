"""Long work in the terminal: the same jobs and figures as on the pages."""

from __future__ import annotations

import json
import time
from collections.abc import Mapping

import click

from idonethis.integrations.models import Job

#: Seconds between two looks at a job that somebody else works on, or that waits.
PAUSE = 0.2


def work_through(job: Job, *, in_json: bool) -> None:
    """Works on it until it has ended, beside a server that may do so, too. Ctrl-C stops it."""
    try:
        _work(job)
    except KeyboardInterrupt:
        job.stop()
        raise
    if in_json:
        click.echo(json.dumps(job.facts(), ensure_ascii=False, indent=1))
    else:
        click.echo(f"{job}: {job.done} looked at. {told(job.results, job.work.words)}")
    if job.state == "failed":
        raise click.ClickException(f"{job.trouble} What was done before stays.")


def _work(job: Job) -> None:
    said = ""
    while job.is_running:
        if not Job.objects.filter(pk=job.pk).due().step():
            time.sleep(PAUSE)
        job.refresh_from_db()
        if (now := _progress(job)) != said:
            click.echo(now, err=True)
            said = now


def _progress(job: Job) -> str:
    if job.is_waiting:
        return f"{job.trouble} It goes on at {job.waits_until:%H:%M} UTC."
    return f"{job.done} of {job.total}" if job.total else f"{job.done} so far"


def told(results: Mapping[str, int], words: Mapping[str, tuple[str, str]]) -> str:
    """``3 entries made, 2 entries were there already.``"""
    said = [
        f"{results[name]} {one if results[name] == 1 else more}"
        for name, (one, more) in words.items()
        if results.get(name)
    ]
    return f"{', '.join(said)}." if said else "Nothing came of it."
