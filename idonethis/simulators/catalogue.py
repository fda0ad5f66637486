"""The pretend partners there are."""

from __future__ import annotations

from .base import Simulator
from .chat.discord import Discord
from .chat.google_chat import GoogleChat
from .chat.hooks import Teams
from .chat.matrix import Matrix
from .chat.mattermost import Mattermost
from .chat.rocket_chat import RocketChat
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
from .planning.jira_server import JiraServer
from .planning.linear import Linear
from .planning.monday import Monday
from .planning.notion import Notion
from .planning.outlook_calendar import OutlookCalendar
from .planning.pagerduty import PagerDuty
from .planning.shortcut import Shortcut
from .planning.stripe import Stripe
from .planning.taiga import Taiga
from .planning.toggl import Toggl
from .planning.trello import Trello
from .planning.zendesk import Zendesk
from .slack.app import Slack

TALKING = (Discord, GoogleChat, Matrix, Mattermost, RocketChat, Site, Teams, Telegram, Zulip)
PLANNING = (
    Asana, AzureDevOps, Basecamp, Bitbucket, BitbucketServer, Buildkite, CircleCI, ClickUp, Gitea,
    GitLab, GoogleCalendar, Jira, JiraServer, Linear, Monday, Notion, OutlookCalendar, PagerDuty,
    Shortcut, Stripe, Taiga, Toggl, Trello, Zendesk,
)  # fmt: skip
SIMULATORS: dict[str, type[Simulator]] = {
    simulator.name: simulator for simulator in (GitHub, Slack, *TALKING, *PLANNING)
}
