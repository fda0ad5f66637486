"""Who is there before anything is measured: Ada, her team, and its link to GitHub."""

from __future__ import annotations

from django.conf import settings
from django.core.management import call_command
from django.test import Client

from bench.body import SECRET, TOKEN
from idonethis.accounts.models import User
from idonethis.integrations.models import IntegrationLink, IntegrationUser
from idonethis.integrations.values import Secret
from idonethis.teams.models import Team

MAIL = "ada@example.org"


def prepare() -> str:
    """Makes the databases. Returns the cookie of Ada's session."""
    for database in settings.DATABASES:
        call_command("migrate", database=database, verbosity=0)
    call_command("collectstatic", verbosity=0, interactive=False)
    ada = User.objects.create_user(MAIL, name="Ada Lovelace")
    team = Team.objects.create(name="Analytical Engines")
    team.join(ada, "admin")
    IntegrationUser.objects.create(integration_type="github", uid="1815", user=ada)
    link = IntegrationLink(integration_type="github", team=team, user=ada, hook_token=TOKEN)
    link.signing_secret = Secret(SECRET)
    link.save()
    return cookie()


def browser() -> Client:
    made = Client(headers={"host": "127.0.0.1"})
    made.force_login(User.objects.get(email=MAIL))
    return made


def cookie() -> str:
    return browser().cookies[settings.SESSION_COOKIE_NAME].value
