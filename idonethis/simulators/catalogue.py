"""The pretend partners there are."""

from __future__ import annotations

from .base import Simulator
from .chat.discord import Discord
from .chat.google_chat import GoogleChat
from .chat.hooks import Mattermost, RocketChat, Teams
from .chat.matrix import Matrix
from .chat.site import Site
from .chat.telegram import Telegram
from .chat.zulip import Zulip
from .github.app import GitHub
from .planning.asana import Asana
from .planning.azure_devops import AzureDevOps
from .planning.basecamp import Basecamp
from .planning.bitbucket import Bitbucket
from .planning.bitbucket_server import BitbucketServer
from .planning.buildkite import Buildkite
from .planning.circleci import CircleCI
from .planning.clickup import ClickUp
from .planning.gitea import Gitea
from .planning.gitlab import GitLab
from .planning.google_calendar import GoogleCalendar
from .planning.jira import Jira
from .planning.linear import Linear
from .planning.monday import Monday
from .planning.notion import Notion
from .planning.pagerduty import PagerDuty
from .planning.shortcut import Shortcut
from .planning.stripe import Stripe
from .planning.taiga import Taiga
from .planning.toggl import Toggl
from .planning.trello import Trello
from .slack.app import Slack

TALKING = (Discord, GoogleChat, Matrix, Mattermost, RocketChat, Site, Teams, Telegram, Zulip)
PLANNING = (
    Asana, AzureDevOps, Basecamp, Bitbucket, BitbucketServer, Buildkite, CircleCI, ClickUp, Gitea,
    GitLab, GoogleCalendar, Jira, Linear, Monday, Notion, PagerDuty, Shortcut, Stripe, Taiga,
    Toggl, Trello,
)  # fmt: skip
SIMULATORS: dict[str, type[Simulator]] = {
    simulator.name: simulator for simulator in (GitHub, Slack, *TALKING, *PLANNING)
}
