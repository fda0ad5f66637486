from __future__ import annotations

import pytest
from starlette.responses import Response

from idonethis.simulators.github.app import GitHub
from idonethis.simulators.running import running
from idonethis.simulators.slack.app import Slack
from idonethis.simulators.tests.people import GitHubCaller, SlackCaller
from idonethis.simulators.tests.receiver import Receiver

SLACK_SECRET = "8f742231b10e8888abcd99yyyzzz85a5"


def pytest_collection_modifyitems(items):
    for item in items:
        if item.path.is_relative_to(__file__.rpartition("/")[0]):
            item.add_marker(pytest.mark.slow)


@pytest.fixture(scope="session")
def listening():
    app = Receiver()
    with running(app) as app.url:
        yield app


@pytest.fixture
def receiver(listening):
    """The application: it takes whatever is sent to it, and answers as it is told."""
    listening.got.clear()
    listening.answers = [Response("ok")]
    return listening


@pytest.fixture(scope="session")
def pretend_github():
    with running(GitHub()) as url:
        yield url


@pytest.fixture
def github(pretend_github):
    caller = GitHubCaller(pretend_github)
    caller.do("reset")
    yield caller
    caller.close()


@pytest.fixture
def engine(github, receiver):
    """The engine with a hook of Ada that wants everything; its ping is forgotten."""
    github.hook(f"{receiver.url}/hook")
    receiver.got.clear()
    return github


@pytest.fixture(scope="session")
def pretend_slack():
    app = Slack(delay_scale=0.0005, timeout=0.5)
    with running(app) as app.url:
        yield app


@pytest.fixture
def slack(pretend_slack, receiver):
    hook = f"{receiver.url}/hook"
    urls = dict.fromkeys(("events_url", "slash_url", "interactivity_url"), hook)
    pretend_slack.settings.clear()
    pretend_slack.settings.update(urls, signing_secret=SLACK_SECRET)
    caller = SlackCaller(pretend_slack.url)
    caller.do("reset")
    yield caller
    caller.do("settle")
    caller.close()
