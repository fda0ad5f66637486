"""What GitHub's refusals mean, in the words of its documentation and of what it sends."""

from __future__ import annotations

import orjson
import pytest

from idonethis.integrations.base import (
    Again,
    Answer,
    Failed,
    Gone,
    NeedsPermission,
    NeedsReconnect,
    Never,
)
from idonethis.partners.github.integration import integration

SAID = [
    (401, "Bad credentials", NeedsReconnect),
    (401, "Requires authentication", NeedsReconnect),
    (403, "You have exceeded a secondary rate limit. Please wait a few minutes before you try "
          "again.", Again),
    (429, "You have exceeded a secondary rate limit.", Again),
    (403, "API rate limit exceeded for user ID 1815.", Again),
    (403, "You have triggered an abuse detection mechanism.", Again),
    (403, "Resource protected by organization SAML enforcement. You must grant your OAuth token "
          "access to this organization.", NeedsPermission),
    (403, "Although you appear to have the correct authorization credentials, the `analytical` "
          "organization has enabled OAuth App access restrictions.", NeedsPermission),
    (403, "Repository was archived so is read-only.", NeedsPermission),
    (403, "Must have admin rights to Repository.", NeedsPermission),
    (404, "Not Found", Gone),
    (410, "Issues are disabled for this repo", Gone),
    (451, "Repository access blocked", Gone),
    (422, "Validation Failed", Never),
    (500, "Server Error", Again),
    (502, "Server Error", Again),
]  # fmt: skip


def judged(status: int, message: str) -> Failed:
    answer = Answer(status, body=orjson.dumps({"message": message, "status": str(status)}))
    with pytest.raises(Failed) as caught:
        integration.answers.judge(answer, partner="GitHub")
    return caught.value


@pytest.mark.parametrize(("status", "message", "kind"), SAID)
def test_each_refusal_means_what_it_means_and_says_so_in_a_sentence(status, message, kind):
    found = judged(status, message)
    assert type(found) is kind
    assert "GitHub" in str(found) or "organisation" in str(found) or "repository" in str(found)
    assert str(found).endswith(".") and "{" not in str(found)


def test_a_secondary_limit_without_a_header_is_waited_out_for_a_minute():
    assert judged(403, "You have exceeded a secondary rate limit.").after == 60


def test_a_repository_out_of_our_sight_is_no_reason_to_connect_again(github):
    with pytest.raises(Gone, match="does not show this to us"):
        github.client_of("ada").get("/repos/ada/no-such-thing")


def test_a_revoked_token_is(github):
    client = github.client_of("ada")
    github.act("revoke", account="ada")
    with pytest.raises(NeedsReconnect, match="Connect GitHub again; nothing is lost"):
        client.get("/user")
