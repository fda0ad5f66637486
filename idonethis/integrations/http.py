"""The one door out. Every request to a partner passes here: address guard, time limits, a cap on
what is read, no redirects, and two kinds of failure: again, or never again."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from email.utils import parsedate_to_datetime
from functools import cache
from typing import Any
from urllib.parse import urlsplit

import httpcore
import httpx
import orjson

from idonethis import __version__
from idonethis.integrations.guard import Barred, GuardedBackend
from idonethis.integrations.patience import PatientStream, within

#: The most that is read of an answer, in bytes.
LARGEST_ANSWER = 5 * 1024 * 1024
#: The longest an answer may take as a whole, in seconds.
PATIENCE = 20.0
#: The longest that a partner's Retry-After is obeyed, in seconds.
LONGEST_WAIT = 24 * 3600.0


class Failed(Exception):
    """A call to a partner did not do what it should. The message is a sentence for people."""


class Again(Failed):
    """It may work later: ``after`` seconds at the earliest, where the partner said so."""

    def __init__(self, message: str, *, after: float | None = None) -> None:
        super().__init__(message)
        self.after = after


class Never(Failed):
    """It will not work until somebody does something."""


class NeedsReconnect(Never):
    """The partner does not accept our grant any more."""


class NeedsPermission(Never):
    """The grant holds, but does not allow this."""


class Gone(Never):
    """The thing at the partner is not there (any more)."""


@dataclass(frozen=True)
class Answer:
    status: int
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""

    @property
    def json(self) -> Any:
        """The body as JSON. Raises Again: a partner that answers rubbish is out of order."""
        try:
            return orjson.loads(self.body)
        except orjson.JSONDecodeError as problem:
            raise Again("The answer was not JSON.") from problem


class Backend(GuardedBackend):
    """Dials what the guard lets pass, and waits no longer than the request may take."""

    def connect_tcp(self, *place: Any, **options: Any) -> httpcore.NetworkStream:
        return PatientStream(super().connect_tcp(*place, **options))


@cache
def transport() -> httpx.HTTPTransport:
    made = httpx.HTTPTransport(retries=0)
    # httpx does not let one choose the network backend: https://github.com/encode/httpx/issues/3018
    made._pool = httpcore.ConnectionPool(
        ssl_context=httpx.create_ssl_context(),
        network_backend=Backend(),
        max_connections=50,
        keepalive_expiry=30,
    )
    return made


class Client:
    """Calls one partner. ``base_url`` is put before every path; ``headers`` go with every call.

    The methods return an Answer with a status below 300, or raise Failed."""

    def __init__(self, base_url: str = "", *, headers: Mapping[str, str] | None = None) -> None:
        self.base_url = base_url.rstrip("/")
        # Unpacked, a small answer may be larger than any memory.
        always = {"User-Agent": f"idonethis/{__version__}", "Accept-Encoding": "identity"}
        self.headers = {**always, **(headers or {})}

    def get(self, path: str, *, params: Mapping[str, Any] | None = None) -> Answer:
        return self.call("GET", path, params=params)

    def post(self, path: str, *, json: Any = None, form: Mapping[str, Any] | None = None) -> Answer:
        return self.call("POST", path, json=json, data=form)

    def patch(self, path: str, *, json: Any = None) -> Answer:
        return self.call("PATCH", path, json=json)

    def delete(self, path: str) -> Answer:
        return self.call("DELETE", path)

    def call(self, method: str, path: str, **content: Any) -> Answer:
        answer = self.send(method, path, **content)
        raise_for(answer, host=_host(self._url(path)))
        return answer

    def send(self, method: str, path: str, **content: Any) -> Answer:
        """The answer, whatever its status: for what must look into a refusal, such as OAuth.
        Raises Failed where there is none."""
        url = self._url(path)
        kept = {name: value for name, value in content.items() if value is not None}
        try:
            return self._exchange(method, url, kept)
        except httpx.UnsupportedProtocol as problem:
            raise Never(f"{url[:100]} is not a web address.") from problem
        except httpx.ConnectError as problem:
            raise _unreachable(url, problem) from problem
        except (httpx.TimeoutException, httpx.TransportError) as problem:
            raise Again(f"{_host(url)} did not answer properly.") from problem
        except (httpx.InvalidURL, UnicodeError) as problem:
            raise Never(f"{url[:100]} is not a web address.") from problem

    def _url(self, path: str) -> str:
        """What proves who we are goes to the partner alone, whatever an answer of its names."""
        if path.startswith("/"):
            return self.base_url + path
        if self.base_url and _origin(path) != _origin(self.base_url):
            raise Never(f"{path[:100]} is not an address of {_host(self.base_url)}.")
        return path

    def _exchange(self, method: str, url: str, content: Mapping[str, Any]) -> Answer:
        request = httpx.Request(method, url, headers=self.headers, **content)
        request.extensions["timeout"] = httpx.Timeout(10, connect=5).as_dict()
        with within(PATIENCE):
            response = transport().handle_request(request)
            try:
                return Answer(response.status_code, response.headers, _read(response))
            finally:
                response.close()


def _read(response: httpx.Response) -> bytes:
    if response.headers.get("content-encoding", "identity") != "identity":
        raise Again("The answer was packed, although nobody asked for that.")
    body = bytearray()
    for chunk in response.iter_raw():
        body += chunk
        if len(body) > LARGEST_ANSWER:
            raise Never("The answer was larger than 5 MB.")
    return bytes(body)


def _host(url: str) -> str:
    try:
        return httpx.URL(url).host or url[:100]
    except (httpx.InvalidURL, UnicodeError):
        return url[:100]


def _origin(url: str) -> tuple[str, str]:
    try:
        parts = urlsplit(url)
    except ValueError:
        return "", ""
    return parts.scheme, parts.netloc


def _unreachable(url: str, problem: Exception) -> Failed:
    cause: BaseException | None = problem
    while cause and not isinstance(cause, Barred):
        cause = cause.__cause__ or cause.__context__
    if cause:
        allow = "An administrator can allow it with ALLOWED_ADDRESSES."
        return Never(f"{cause} Nothing was sent. {allow}")
    return Again(f"{_host(url)} cannot be reached.")


def raise_for(answer: Answer, *, host: str) -> None:
    """What a status means at every partner; one that differs catches and raises something else."""
    status = answer.status
    if status < 300:
        return
    wait = retry_after(answer.headers)
    limited = status == 403 and (wait or answer.headers.get("x-ratelimit-remaining") == "0")
    if status in (408, 425, 429) or status >= 500 or limited:
        raise Again(f"{host} answered {status}.", after=wait)
    if status == 401:
        raise NeedsReconnect(f"{host} no longer accepts our access (401).")
    if status == 403:
        raise NeedsPermission(f"{host} does not allow this (403).")
    if status in (404, 410):
        raise Gone(f"{host} does not know this (any more) ({status}).")
    raise Never(f"{host} refused the request ({status}).")


def retry_after(headers: Mapping[str, str]) -> float | None:
    """Seconds from now, of ``Retry-After`` (number or date) or the common ``x-ratelimit-reset``."""
    value = headers.get("retry-after", "")
    if value.isdecimal():
        return min(float(value), LONGEST_WAIT)
    try:
        wait = parsedate_to_datetime(value).timestamp() - time.time()
    except (TypeError, ValueError, OverflowError):
        reset = headers.get("x-ratelimit-reset", "")
        wait = (float(reset) if reset.isdecimal() else 0) - time.time()
    return min(wait, LONGEST_WAIT) if wait > 0 else None
