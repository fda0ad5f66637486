"""What docs/applications.md says is run as it stands there, against a running server."""

from __future__ import annotations

import pytest

from idonethis.accounts.models import ApiToken, Device
from tests.curling import Shell, lines


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_every_line_does_what_the_page_says(live_server, client, ada, settings):
    settings.BASE_URL = live_server.url
    shell = Shell(SITE=live_server.url)
    described, device, poll, refresh, end = lines("applications.md")
    assert shell.run(described)["issuer"] == live_server.url
    told = shell.run(device)
    shell.names["DEVICE"] = told["device_code"]
    assert shell.run(poll)["error"] == "authorization_pending"
    client.force_login(ada)
    client.post("/device", {"user_code": told["user_code"], "decision": "yes"})
    Device.objects.update(asked_at=None)
    shell.names["REFRESH"] = shell.run(poll)["refresh_token"]
    shell.names["REFRESH"] = shell.run(refresh)["refresh_token"]
    assert ApiToken.objects.get().user == ada
    shell.run(end)
    assert not ApiToken.objects.exists()
