from __future__ import annotations

import pytest

from idonethis.simulators.running import start
from idonethis.simulators.slack.app import Slack
from tests.installed import install
from tests.site import Site

SECRET = "a signing secret of the tests"


@pytest.fixture
def slack_app():
    return Slack(settings={"signing_secret": SECRET})


@pytest.fixture
def slack(slack_app):
    running = start(slack_app)
    yield running.url
    running.stop()


@pytest.fixture
def site(tmp_path, github, slack, slack_app):
    allowed = ",".join(url.removeprefix("http://") for url in (github, slack))
    site = Site(
        tmp_path / "data",
        ALLOWED_ADDRESSES=allowed,
        GITHUB_WEB_URL=github,
        GITHUB_API_URL=f"{github}/api/v3",
        GITHUB_CLIENT_ID="pretend-github-client",
        GITHUB_CLIENT_SECRET="pretend-github-secret",
        SLACK_WEB_URL=slack,
        SLACK_API_URL=f"{slack}/api",
        SLACK_CLIENT_ID="pretend-slack-client",
        SLACK_CLIENT_SECRET="pretend-slack-secret",
        SLACK_SIGNING_SECRET=SECRET,
    )
    install(site).start()
    hook = f"{site.url}/integrations/slack/hook"
    slack_app.settings.update(events_url=hook, slash_url=hook, interactivity_url=hook)
    yield site
    site.stop()
