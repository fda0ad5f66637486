"""I Done This as it is served, with or without workers: ``python -m bench.ours PORT [work]``."""

from __future__ import annotations

import os
import sys

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "idonethis.settings")
django.setup()

import uvicorn  # noqa: E402
from django.core.management import call_command  # noqa: E402

from bench.body import SECRET  # noqa: E402
from idonethis.accounts.models import User  # noqa: E402
from idonethis.asgi import application  # noqa: E402
from idonethis.integrations import registry  # noqa: E402
from idonethis.integrations.ingest.writer import GroupCommit  # noqa: E402
from idonethis.integrations.models import IntegrationLink, IntegrationUser  # noqa: E402
from idonethis.integrations.models.expanding import expansions  # noqa: E402
from idonethis.integrations.values import Secret  # noqa: E402
from idonethis.server import KEEPING, WORKING, Workers, config, settle  # noqa: E402
from idonethis.teams.models import Team  # noqa: E402


def prepare() -> None:
    for database in ("default", "inbox"):
        call_command("migrate", database=database, verbosity=0)
    ada = User.objects.create_user("ada@example.org", name="Ada Lovelace")
    team = Team.objects.create(name="Analytical Engines")
    team.join(ada, "admin")
    IntegrationUser.objects.create(integration_type="github", uid="1815", user=ada)
    link = IntegrationLink(integration_type="github", team=team, user=ada, hook_token="t")
    link.signing_secret = Secret(SECRET)
    link.save()


def serve(port: int, *, working: bool) -> None:
    writer = GroupCommit()
    registry.every()
    settle()
    writer.start()
    Workers(*KEEPING, *((*WORKING, *expansions()) if working else ())).start()
    uvicorn.Server(config(application(writer), "127.0.0.1", port)).run()
    writer.stop()


prepare()
serve(int(sys.argv[1]), working="work" in sys.argv)
