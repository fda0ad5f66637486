"""The one door out. Every request to a partner passes here: address guard, time limits, a cap on
what is read, no redirects."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from functools import cache
from typing import Any
from urllib.parse import urlsplit

import httpcore
import httpx

from idonethis import __version__
from idonethis.integrations.answers import (
    Again,
    Answer,
    Answers,
    Away,
    Failed,
    Gone,
    NeedsPermission,
    NeedsReconnect,
    Never,
    Unwanted,
    Vanished,
)
from idonethis.integrations.exchanges import Exchange
from idonethis.integrations.guard import Barred, GuardedBackend
from idonethis.integrations.hiding import Hidden
from idonethis.integrations.patience import PatientStream, within
from idonethis.integrations.pool import Pool
from idonethis.integrations.values import Hook

__all__ = [
    "Again", "Answer", "Answers", "Away", "Client", "Failed", "Gone", "NeedsPermission",
    "NeedsReconnect", "Never", "Unwanted", "Vanished",
]  # fmt: skip

#: The most that is read of an answer, in bytes.
LARGEST_ANSWER = 5 * 1024 * 1024
#: The longest an answer may take as a whole, in seconds.
PATIENCE = 20.0
USUAL = Answers()
#: Which headers prove that a message is ours.
Signs = Callable[[Hook], Mapping[str, str]]


class Backend(GuardedBackend):
    """Dials what the guard lets pass, and waits no longer than the request may take."""

    def connect_tcp(self, *place: Any, **options: Any) -> httpcore.NetworkStream:
        return PatientStream(super().connect_tcp(*place, **options))


#: Reading all certificates of the world takes longer than most calls.
certificates = cache(httpx.create_ssl_context)


@cache
def transport() -> httpx.HTTPTransport:
    made = httpx.HTTPTransport(verify=certificates(), retries=0)
    # httpx does not let one choose the network backend: https://github.com/encode/httpx/issues/3018
    made._pool = Pool(
        ssl_context=certificates(),
        network_backend=Backend(),
        max_connections=50,
        keepalive_expiry=30,
    )
    return made


class Client:
    """Calls one partner. ``base_url`` is put before every path; ``headers`` go with every call;
    ``answers`` say what its refusals mean, and ``name`` is how their sentences call it. A path may
    be a whole address where ``base_url`` is. Where that is one of the partner's ``own``, and not of
    somebody's own server, it may be at any of them. ``signs`` is what messages are proven by.

    The methods return the Answer of a success, or raise Failed. What was asked last, and answered,
    is ``last``; nothing that is ``hidden`` stands in what is kept or told of it."""

    def __init__(
        self,
        base_url: str = "",
        *,
        headers: Mapping[str, str] | None = None,
        answers: Answers = USUAL,
        name: str = "",
        own: Iterable[str] = (),
        signs: Signs | None = None,
    ) -> None:
        self.point(base_url)
        # Unpacked, a small answer may be larger than any memory.
        always = {"User-Agent": f"idonethis/{__version__}", "Accept-Encoding": "identity"}
        self.headers = {**always, **(headers or {})}
        self.answers = answers
        self.name = name
        base, known = _origin(self.base_url), {_origin(each) for each in own if each}
        self.origins = known if base in known else {base}
        self.hidden = Hidden()
        self.last: Exchange | None = None
        self._signs = signs

    def point(self, base_url: str) -> None:
        """Messages go to the very address; before a path it needs no slash."""
        self.address, self.base_url = base_url, base_url.rstrip("/")

    def get(self, path: str, *, params: Mapping[str, Any] | None = None) -> Answer:
        return self.call("GET", path, params=params)

    def post(self, path: str, *, json: Any = None, form: Mapping[str, Any] | None = None) -> Answer:
        return self.call("POST", path, json=json, data=form)

    def patch(self, path: str, *, json: Any = None) -> Answer:
        return self.call("PATCH", path, json=json)

    def delete(self, path: str) -> Answer:
        return self.call("DELETE", path)

    def tell(self, body: bytes, *, headers: Mapping[str, str]) -> Answer:
        """Posts a message, signed as who is there looks at it, to the address itself."""
        said = {**headers, **self.sign(Hook(body, headers))}
        return self.call("POST", "", content=body, headers=said)

    def sign(self, message: Hook) -> Mapping[str, str]:
        return self._signs(message) if self._signs else {}

    def call(self, method: str, path: str, **content: Any) -> Answer:
        answer = self.send(method, path, **content)
        self.judge(answer, path)
        return answer

    def judge(self, answer: Answer, path: str) -> None:
        """Raises Failed, unless it is a success. Partners repeat what they refuse."""
        try:
            self.answers.judge(answer, partner=self.name or _host(self._url(path)))
        except Failed as problem:
            problem.args = (self.hidden.masked(str(problem)),)
            raise

    def send(self, method: str, path: str, **content: Any) -> Answer:
        """The answer, whatever its status: for what must look into a refusal, such as OAuth.
        Raises Failed where there is none."""
        url = self._url(path)
        kept = {name: value for name, value in content.items() if value is not None}
        try:
            return self._exchange(method, url, kept)
        except httpx.UnsupportedProtocol as problem:
            raise Never(f"{self._shown(url)} is not a web address.") from problem
        except httpx.ConnectError as problem:
            raise _unreachable(url, problem) from problem
        except (httpx.TimeoutException, httpx.TransportError) as problem:
            raise Again(f"{_host(url)} did not answer properly.") from problem
        except (httpx.InvalidURL, UnicodeError) as problem:
            raise Never(f"{self._shown(url)} is not a web address.") from problem

    def _shown(self, url: str) -> str:
        return self.hidden.masked(url)[:100]

    def told(self) -> dict[str, Any] | None:
        """What was asked last, and what it was answered, as it may be kept; None: nothing was."""
        return self.last.kept(self.hidden) if self.last else None

    def _url(self, path: str) -> str:
        """What proves who we are goes to the partner alone, whatever an answer of its names."""
        if not path:
            return self.address
        if path.startswith("/"):
            return self.base_url + path
        if self.base_url and _origin(path) not in self.origins:
            raise Never(f"{path[:100]} is not an address of {_host(self.base_url)}.")
        return path

    def _exchange(self, method: str, url: str, content: Mapping[str, Any]) -> Answer:
        headers = {**self.headers, **content.get("headers", {})}
        request = httpx.Request(method, url, **{**content, "headers": headers})
        self.last = _asked(request, before=self.last.before + 1 if self.last else 0)
        request.extensions["timeout"] = httpx.Timeout(10, connect=5).as_dict()
        with within(PATIENCE):
            response = transport().handle_request(request)
            try:
                answer = Answer(response.status_code, response.headers, _read(response))
            finally:
                response.close()
        self.last = replace(self.last, answer=answer)
        return answer


def _asked(request: httpx.Request, *, before: int) -> Exchange:
    headers = [(name.decode(), value.decode("latin-1")) for name, value in request.headers.raw]
    return Exchange(request.method, str(request.url), headers, request.content, before)


def _read(response: httpx.Response) -> bytes:
    if response.headers.get("content-encoding", "identity") != "identity":
        raise Again("The answer was packed, although nobody asked for that.")
    body = bytearray()
    for chunk in response.iter_raw():
        body += chunk
        if len(body) > LARGEST_ANSWER:
            raise Again("The answer was larger than 5 MB.")
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
    return Away(f"{_host(url)} cannot be reached.")
