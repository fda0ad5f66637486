"""The API of one server: https://github.com/idonethis/idonethis/blob/main/docs/api.md"""

from __future__ import annotations

import http.client
import json
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable
from typing import Any

from idonethis_cli import logins
from idonethis_cli.ending import Failed
from idonethis_cli.locking import alone
from idonethis_cli.logins import Login
from idonethis_cli.screen import on_one_line

CLIENT = "idonethis-cli"
LARGEST = 20_000_000
#: To what is only told, nothing is answered.
ACCEPTED = 202
PATIENT = 30
LOGIN_FIRST = "You are not logged in at {}: did login {}"


class Later(Failed):
    """It may work another time."""


class Refused(Failed):
    """It will not work as it is."""


class StaysHere(urllib.request.HTTPRedirectHandler):
    """A token is for one server, and goes nowhere else."""

    def redirect_request(self, *args: Any) -> None:
        return None


class Answer:
    def __init__(self, status: int, said: Any, link: str) -> None:
        self.status = status
        self.said = said
        self.older = link.partition("<")[2].partition(">")[0] if 'rel="next"' in link else ""

    @property
    def error(self) -> str:
        said = self.said.get("error") if isinstance(self.said, dict) else None
        return on_one_line(str(said or f"The server answered {self.status}."))


class Server:
    """``patience`` is for each answer, in seconds."""

    def __init__(self, url: str, patience: float) -> None:
        self.url, self.patience = url, patience
        self._open = urllib.request.build_opener(StaysHere).open

    def ask(self, method: str, path: str, fields: dict[str, str] | None = None) -> Answer:
        """Raises Later and Refused."""
        answer = self._let_in(lambda token: self._asked(method, path, fields, token))
        if answer.status == 429 or answer.status >= 500:
            raise Later(f"{self.url}: {answer.error}")
        if answer.status >= 400:
            raise Refused(answer.error)
        return answer

    def speak(self, message: bytes, headers: dict[str, str]) -> Answer:
        """One message of an assistant, and what is answered to it. Raises Later."""
        return self._let_in(
            lambda token: self._sent(
                "POST", "/mcp", message, headers | {"Authorization": f"Bearer {token}"}
            )
        )

    def _let_in(self, ask: Callable[[str], Answer]) -> Answer:
        """What is answered to who brings our token, renewed where it has to be. Raises Later."""
        login = self._login()
        answer = ask(login.token)
        if answer.status == 401 and login.refresh:
            answer = ask(self._renewed(login).token)
        if answer.status == 401:
            raise Later(LOGIN_FIRST.format(self.url, self.url))
        return answer

    def _login(self) -> Login:
        login = logins.of(self.url)
        if login is None:
            raise Later(LOGIN_FIRST.format(self.url, self.url))
        return login

    def takes(self, token: str) -> bool:
        """Raises Later."""
        return self._asked("GET", "/noop", None, token).status == 200

    def _renewed(self, old: Login) -> Login:
        """A token that renews serves once, so one command at a time does it, and does not hang up
        on the answer: that would be the end of the login."""
        with alone("renewing", within=30) as mine:
            login = logins.of(self.url)
            if login is None or not mine:
                raise Later(LOGIN_FIRST.format(self.url, self.url))
            if login.token != old.token or not login.refresh:
                return login
            fields = {"grant_type": "refresh_token", "refresh_token": login.refresh}
            answer = Server(self.url, PATIENT).oauth("token", fields)
            if answer.status != 200:
                raise Later(f"Your login has ended. Once more: did login {self.url}")
            return self.let_in(answer.said, login.team)

    def let_in(self, said: dict[str, Any], team: str = "") -> Login:
        login = Login(str(said["access_token"]), str(said["refresh_token"]), team)
        logins.renew(self.url, login)
        return login

    def oauth(self, path: str, fields: dict[str, str]) -> Answer:
        """Raises Later."""
        return self._sent("POST", f"/oauth/{path}", {"client_id": CLIENT} | fields, {})

    def _asked(self, method: str, path: str, fields: Any, token: str) -> Answer:
        headers = {"Authorization": f"Bearer {token}"}
        return self._sent(method, f"/api/v2{path}", fields, headers)

    def _sent(self, method: str, path: str, said: Any, headers: dict[str, str]) -> Answer:
        """``said``: fields of a form, or a body as it stands."""
        as_form = urllib.parse.urlencode(said).encode() if isinstance(said, dict) and said else None
        body = said if isinstance(said, bytes) else as_form
        headers = {"Accept": "application/json"} | headers | {"User-Agent": CLIENT}
        asked = urllib.request.Request(self.url + path, body, headers, method=method)  # noqa: S310
        try:
            with self._open(asked, timeout=self.patience) as answer:
                return _read(answer)
        except urllib.error.HTTPError as refusal:
            with refusal:
                return _read(refusal)
        except (OSError, http.client.HTTPException) as problem:
            raise Later(f"{self.url} cannot be reached: {_why(problem)}") from problem


def _read(answer: Any) -> Answer:
    body = answer.read(LARGEST)
    if answer.status == ACCEPTED and not body:
        return Answer(answer.status, None, "")
    try:
        said = json.loads(body)
    except ValueError:
        said = None
    if answer.status < 400 and (said is None or answer.status >= 300):
        raise Later("What answered there is no server of I Done This. Nothing was logged.")
    return Answer(answer.status, said, answer.headers.get("Link", ""))


def _why(problem: Exception) -> str:
    if isinstance(problem, TimeoutError):
        return "no answer in time."
    return f"{getattr(problem, 'reason', None) or problem or type(problem).__name__}."
