"""Served from a thread, and from a process of its own."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys

import httpx
import pytest

from idonethis.simulators.__main__ import parser
from idonethis.simulators.github.app import GitHub
from idonethis.simulators.running import running, start
from idonethis.simulators.visitor import PLAIN


def test_two_can_run_at_once_and_know_nothing_of_each_other():
    with running(GitHub()) as one, running(GitHub()) as other:
        assert one != other
        httpx.post(f"{one}/_control/faults", json={"fault": "500"}, verify=PLAIN)
        assert httpx.get(f"{other}/_control/faults", verify=PLAIN).json() == {"faults": []}


def test_a_stopped_one_frees_its_port_and_can_be_stopped_twice():
    first = start(GitHub())
    port = int(first.url.rpartition(":")[2])
    first.stop()
    first.stop()
    with pytest.raises(httpx.ConnectError):
        httpx.get(first.url, verify=PLAIN)
    again = start(GitHub(), port)
    assert again.url == first.url
    again.stop()


def test_a_taken_port_is_an_error_at_once():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        with pytest.raises(OSError, match="in use"):
            start(GitHub(), taken.getsockname()[1])


@pytest.fixture
def command(tmp_path):
    """The command line, as a running process with its address."""
    env = {key: value for key, value in os.environ.items() if key != "DJANGO_SETTINGS_MODULE"}
    asked = ["slack", "--port", "0", "--state", str(tmp_path / "slack.json"), "--client-id", "me"]
    process = subprocess.Popen(
        [sys.executable, "-m", "idonethis.simulators", *asked],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=env,
    )
    yield process
    process.kill()
    process.communicate()


def test_the_command_line_serves_until_it_is_ended_and_keeps_its_state(command, tmp_path):
    line = command.stdout.readline()
    url = re.search(r"http://\S+?(?=,)", line).group()
    assert line == f"Pretend Slack at {url}, until Ctrl+C\n"
    assert "Pretend Slack" in httpx.get(url, verify=PLAIN).text
    asked = {"client_id": "me", "redirect_uri": "http://localhost/"}
    page = httpx.get(f"{url}/oauth/v2/authorize", params=asked, verify=PLAIN)
    assert page.status_code == 200
    command.send_signal(signal.SIGTERM)
    out, err = command.communicate(timeout=10)
    assert (out.strip(), err, command.returncode) == ("", "", 0)
    assert (tmp_path / "slack.json").exists()


def test_the_command_line_knows_the_settings_of_each_partner():
    asked = parser().parse_args(["slack", "--slash-url", "http://127.0.0.1:1/hook"])
    assert (asked.port, asked.slash_url) == (8101, "http://127.0.0.1:1/hook")
    with pytest.raises(SystemExit):
        parser().parse_args(["github", "--slash-url", "x"])
