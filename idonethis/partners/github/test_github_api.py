from __future__ import annotations

import base64
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from starlette.applications import Starlette
from starlette.responses import Response
from starlette.routing import Route

from idonethis.integrations.base import Client, Gone, Hook, NeedsReconnect, Secret
from idonethis.integrations.plain_link import PlainLink
from idonethis.integrations.signatures import Refused
from idonethis.partners.github.integration import integration
from idonethis.partners.github.pretending import ENGINE
from idonethis.simulators.running import running

SECRET = Secret("mill")


def test_an_account_is_known_by_its_number_with_its_verified_address(github):
    token = github.token_of("ada")
    account = integration.identify(token, github.client_of("ada"))
    assert (account.uid, account.login, account.name) == ("1815", "ada", "Ada Lovelace")
    assert account.email == "ada@example.org"
    assert set(account.scopes) == {"admin:repo_hook", "user:email"}
    assert account.secrets == {"access_token": token["access_token"]}


def test_an_account_without_leave_to_read_addresses_has_none(github):
    client = github.client_of("ada", "admin:repo_hook")
    assert integration.identify({"access_token": "x"}, client).email == ""


def test_the_picker_offers_what_one_administers_and_says_what_is_barred(github):
    choices = integration.choices("repository", "", github.client_of("ada"))
    assert {c.value for c in choices if not c.barred} == {"analytical/engine", "ada/notes"}
    (barred,) = [c for c in choices if c.barred]
    assert barred is choices[-1]
    assert barred.value == "babbage/difference-engine"
    assert "not an administrator" in barred.barred


def test_the_picker_finds_by_a_part_of_the_name(github):
    found = integration.choices("repository", "NOTES", github.client_of("ada"))
    assert [choice.value for choice in found] == ["ada/notes"]


def test_a_full_name_that_is_listed_is_offered_once(github):
    found = integration.choices("repository", "Analytical/Engine", github.client_of("ada"))
    assert [choice.value for choice in found] == ["analytical/engine"]


def test_a_private_repository_is_not_listed_but_can_be_named(github):
    client = github.client_of("ada")
    listed = integration.choices("repository", "", client)
    assert "analytical/secret-plans" not in {choice.value for choice in listed}
    (named,) = integration.choices("repository", "analytical/secret-plans", client)
    assert (named.value, named.barred) == ("analytical/secret-plans", "")


@contextmanager
def receiving(received: list[Hook]) -> Iterator[str]:
    """Our side of the webhook; gives its address."""

    async def take(request):
        received.append(Hook(await request.body(), dict(request.headers)))
        return Response()

    with running(Starlette(routes=[Route("/hook", take, methods=["POST"])])) as here:
        yield f"{here}/hook"


def test_what_github_sends_is_signed_with_the_secret_that_it_got_last(github):
    received: list[Hook] = []
    with receiving(received) as url:
        for secret in ("old", "new"):
            client = github.client_of("ada")
            integration.create_hook(client, ENGINE, url=url, secret=Secret(secret))
            github.happens("push")
    assert len(github.hooks()) == 1
    integration.signature.check(received[-1], [Secret("new")])
    with pytest.raises(Refused):
        integration.signature.check(received[-1], [Secret("old")])


def test_what_github_sends_is_genuine_and_reads_as_a_log(github):
    received: list[Hook] = []
    with receiving(received) as url:
        client = github.client_of("ada")
        integration.create_hook(client, ENGINE, url=url, secret=SECRET)
        github.happens("push", commits=3)
        github.happens("open_pull_request", title="Fix the roof")
        github.happens("merge_pull_request", actor="grace", method="squash")
        github.happens("submit_review", actor="grace")
        github.happens("open_issue", title="Leak in the mill")
        github.happens("close_issue")
        github.happens("publish_release", tag="v1.2")
    events = []
    for hook in received:
        integration.signature.check(hook, [SECRET])
        events += integration.read(hook, PlainLink())
    assert [event.body for event in events if hasattr(event, "body")] == [
        "Pushed {count} commit{s} to main of analytical/engine",
        "Merged “Fix the roof” (#1)",
        "Pushed {count} commit{s} to main of analytical/engine",
        "Reviewed “Fix the roof” (#1)",
        "Closed “Leak in the mill” (#2)",
        "Released v1.2 of analytical/engine",
    ]


def test_what_somebody_allowed_ends_at_github(github):
    token, others = github.token_of("ada"), github.client_of("grace")
    theirs = github.client_of("ada")
    pair = base64.b64encode(b"pretend-github-client:pretend-github-secret").decode()
    ourselves = Client(integration.address("api"), headers={"Authorization": f"Basic {pair}"})
    integration.revoke(token, ourselves, client_id="pretend-github-client")
    with pytest.raises(NeedsReconnect):
        theirs.get("/user")
    assert others.get("/user").json["login"] == "grace"
    # What has ended already is as good.
    with pytest.raises(Gone):
        integration.revoke(token, ourselves, client_id="pretend-github-client")
