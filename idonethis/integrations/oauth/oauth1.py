"""OAuth 1.0a: https://datatracker.ietf.org/doc/html/rfc5849"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar
from urllib.parse import parse_qsl, urlencode

from authlib.common.urls import add_params_to_uri
from authlib.oauth1 import ClientAuth

from idonethis.integrations.base import OAuth1
from idonethis.integrations.http import Again, Answer, Client
from idonethis.integrations.oauth.journey import Conversation, Denied, Departure, Misregistered

#: With which a partner says no in so many words.
#: https://datatracker.ietf.org/doc/html/rfc5849#section-3.2
REFUSING = (400, 401, 403)
#: In characters: a word of the partner's that is longer is none.
LONGEST_WORD = 100


@dataclass(frozen=True)
class OAuth1Conversation(Conversation):
    proof: ClassVar[str] = "oauth_verifier"

    declared: OAuth1

    def depart(self, state: str) -> Departure:
        """The secret is the request token with its own; the state is a part of the way back, since
        the protocol has no other place for it."""
        requested = self._requested(state)
        there = {**(self.declared.authorize_params or {}), "oauth_token": requested["oauth_token"]}
        url = add_params_to_uri(self._address(self.declared.authorize_url), list(there.items()))
        return Departure(url, urlencode(requested))

    def _requested(self, state: str) -> Mapping[str, str]:
        """https://datatracker.ietf.org/doc/html/rfc5849#section-2.1"""
        back = add_params_to_uri(self.callback_url, [("state", state)])
        answer = self._ask(self.declared.request_url, redirect_uri=back)
        if answer.status in REFUSING:
            raise Misregistered(
                f"{self.integration.name} does not accept this server ({_word(answer)}). "
                "An administrator of this server must check the key, the secret, and where people "
                "may be sent back to."
            )
        return self._credentials(answer)

    def _is_answer(self, brought: Mapping[str, str], *, secret: str) -> bool:
        """About the request token that we asked for; a refusal may name none."""
        named, requested = brought.get("oauth_token", ""), dict(parse_qsl(secret))
        is_silent = not named and self.proof not in brought
        return is_silent or named == requested.get("oauth_token")

    def _exchange(self, proof: str, *, secret: str) -> Mapping[str, Any]:
        """https://datatracker.ietf.org/doc/html/rfc5849#section-2.3"""
        requested = dict(parse_qsl(secret))
        answer = self._ask(
            self.declared.token_url,
            token=requested["oauth_token"],
            token_secret=requested["oauth_token_secret"],
            verifier=proof,
        )
        if answer.status in REFUSING:
            raise Denied(
                f"{self.integration.name} takes this permission no longer ({_word(answer)}): "
                "it took too long, or was used already."
            )
        return self._granted(self._credentials(answer))

    def _granted(self, credentials: Mapping[str, str]) -> Mapping[str, Any]:
        return {
            "access_token": credentials["oauth_token"],
            "token_secret": credentials["oauth_token_secret"],
            "consumer_key": self.client_id,
        }

    def knock(self) -> None:
        """By a journey that nobody makes."""
        self._requested("")

    def _ask(self, template: str, **signed: str) -> Answer:
        """Signed by HMAC-SHA1. https://datatracker.ietf.org/doc/html/rfc5849#section-3.4.2"""
        signer = ClientAuth(self.client_id, client_secret=self.client_secret, **signed)
        url, headers, _ = signer.sign("POST", self._address(template), {}, b"")
        return Client(headers=headers).send("POST", url)

    def _credentials(self, answer: Answer) -> Mapping[str, str]:
        """Of a token: itself and its secret. Raises Again where the answer is something else, such
        as a proxy's error page."""
        said = dict(parse_qsl(_text(answer)))
        found = {name: said.get(name, "") for name in ("oauth_token", "oauth_token_secret")}
        if answer.status >= 300 or not all(found.values()):
            name = self.integration.name
            raise Again(f"{name} did not answer properly ({_word(answer)}).")
        return found


def _word(answer: Answer) -> str:
    """In which the partner refuses, where it has one; else its status."""
    is_plain = answer.headers.get("content-type", "").startswith("text/plain")
    said, problem = _text(answer).strip(), dict(parse_qsl(_text(answer))).get("oauth_problem")
    is_word = is_plain and 0 < len(said) <= LONGEST_WORD and answer.status >= 300
    return (problem or (said if is_word else str(answer.status)))[:LONGEST_WORD]


def _text(answer: Answer) -> str:
    return answer.body.decode(errors="replace")
