"""Logging in and out. Tokens are typed or fetched, never given as an argument: those can be seen by
everybody on the machine."""

from __future__ import annotations

import sys
import time
import urllib.parse
from argparse import Namespace
from getpass import getpass
from typing import Any

from idonethis_cli import asking, logins, project, teams
from idonethis_cli.ending import Failed
from idonethis_cli.logins import Login
from idonethis_cli.screen import as_json, on_one_line
from idonethis_cli.server import Answer, Server

DEVICE = "urn:ietf:params:oauth:grant-type:device_code"
ENDS = {
    "access_denied": "You said no, so nothing was changed.",
    "expired_token": "The code has run out. Once more: did login",
}
NEAR = ("localhost", "127.0.0.1", "::1")
EXAMPLES = """\
  did login https://log.example.org          shows a code to type in a browser
  did login --token https://log.example.org  asks for a token of your settings"""


def main(name: str, words: list[str]) -> int:
    asked = asking.parser(
        f"did {name}", f"Logs you {name[3:]}.", EXAMPLES if name == "login" else ""
    )
    asked.add_argument("server", nargs="?", default="", help="its address")
    if name == "login":
        asked.add_argument("--token", action="store_true", help="type or pipe in a token")
        asked.add_argument("--plain", action="store_true", help="without TLS, in your own net")
    said = asked.parse_args(words)
    url = project.address(said.server) if said.server else project.here().server or logins.usual()
    if not url:
        raise Failed("Say where: did login https://log.example.org")
    return _log_in(url, said) if name == "login" else _log_out(url, said.json)


def _log_in(url: str, said: Namespace) -> int:
    parts = urllib.parse.urlsplit(url)
    if parts.scheme != "https" and parts.hostname not in NEAR and not said.plain:
        raise Failed(f"{url} has no TLS, so others may read along. Nothing was sent. See --plain.")
    server = Server(url, 20)
    before = logins.of(url)
    if said.token:
        _by_token(server)
    else:
        _by_device(server, in_json=said.json)
    team = before.team if before else ""
    logins.keep(url, (logins.of(url) or Login(""))._replace(team=team))
    name = server.ask("GET", "/noop").said["full_name"]
    if said.json:
        as_json({"server": url, "name": name})
    else:
        print(f"Logged in at {url} as {on_one_line(name)}.{_choice(server)}")
    return 0


def _choice(server: Server) -> str:
    """What is left to do."""
    try:
        teams.usual(server, teams.of(server))
    except Failed as problem:
        return f" {problem}"
    return ""


def _by_token(server: Server) -> None:
    shown = getpass("Token: ") if sys.stdin.isatty() else sys.stdin.readline()
    token = shown.strip()
    if not token or not token.isascii() or not token.isprintable() or " " in token:
        raise Failed("That is no token. Nothing was changed.")
    if not server.takes(token):
        raise Failed("The server does not know this token. Nothing was changed.")
    logins.renew(server.url, Login(token))


def _by_device(server: Server, *, in_json: bool) -> None:
    """https://www.rfc-editor.org/rfc/rfc8628"""
    told = _fine(server.oauth("device", {"scope": "read write"}))
    code, page = on_one_line(told["user_code"]), on_one_line(told["verification_uri"])
    print(f"Open {page} and type the code {code}", file=sys.stderr, flush=True)
    pause, until = float(told.get("interval", 5)), time.monotonic() + float(told["expires_in"])
    while time.monotonic() < until:
        time.sleep(pause)
        fields = {"grant_type": DEVICE, "device_code": told["device_code"]}
        answer = server.oauth("token", fields)
        if answer.status == 200:
            server.let_in(answer.said)
            return
        pause += 5 if _pending(answer) == "slow_down" else 0
    raise Failed(ENDS["expired_token"])


def _fine(answer: Answer) -> dict[str, Any]:
    if answer.status != 200 or not isinstance(answer.said, dict):
        raise Failed(f"It lets nobody in this way. {answer.error} See did login --token.")
    return answer.said


def _pending(answer: Answer) -> str:
    """What it waits for. Raises Failed where it waits in vain."""
    said = answer.said.get("error", "") if isinstance(answer.said, dict) else ""
    if said not in ("authorization_pending", "slow_down"):
        raise Failed(ENDS.get(said, f"It did not let you in. {answer.error}"))
    return str(said)


def _log_out(url: str, in_json: bool) -> int:
    login = logins.of(url)
    if login is None:
        raise Failed(f"You are not logged in at {url}.")
    ended = _ended(Server(url, 10), login)
    logins.forget(url)
    if in_json:
        as_json({"server": url, "token_ended": ended})
    else:
        rest = "" if ended else " The token itself stays until you end it there, under Tokens."
        print(f"Logged out at {url}.{rest}")
    return 0


def _ended(server: Server, login: Login) -> bool:
    """Only what was lent can be given back: https://www.rfc-editor.org/rfc/rfc7009"""
    if not login.refresh:
        return False
    try:
        return server.oauth("revoke", {"token": login.refresh}).status == 200
    except Failed:
        return False
