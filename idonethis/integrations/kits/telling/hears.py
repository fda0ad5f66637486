from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, ClassVar
from urllib.parse import urlsplit

from idonethis.entries.models import Entry
from idonethis.integrations.base import (
    STANDARD_WEBHOOKS,
    Account,
    Again,
    Answers,
    Client,
    Hook,
    Link,
    LinkForm,
    News,
    Refusal,
    Secret,
    Tells,
    Unwanted,
    fingerprint,
    posted,
)
from idonethis.integrations.kits.mapped import FromTool
from idonethis.integrations.kits.telling.forms import HearsForm, TellingForm
from idonethis.integrations.kits.telling.said import WORDS, Telling, ping, telling

#: How long the secret before signs, too.
OVERLAP = timedelta(hours=24)
SPECIFICATION = (
    "https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md"
)


class HearsNews(Tells):
    """A tool that listens at an address of its own, which lets in whoever knows it."""

    link_form: type[LinkForm] = TellingForm
    credentials = HearsForm
    #: Where the tool listens, as ``fnmatch`` has it; by that it is known when it subscribes itself.
    hosts: ClassVar[tuple[str, ...]] = ()
    writes = ("what happens to entries of the team, at the address that you type",)
    answers = Answers(
        source=SPECIFICATION,
        refusals=(
            Refusal(
                Unwanted,
                (410,),
                sentence="{partner} wants nothing more there ({status}), so the link has ended.",
            ),
            Refusal(Again, range(300, 600), sentence="{partner} answered {status}."),
        ),
    )

    def summary(self, link: Link) -> str:
        words = [word for news, word in WORDS.items() if self.hears(news, link)]
        listed = " and ".join(filter(None, [", ".join(words[:-1]), *words[-1:]]))
        told = " ".join(filter(None, [listed, posted(link.config)]))
        return f"Tells of {told}." if words else "Tells nothing yet."

    def base(self, secrets: Mapping[str, Any]) -> str:
        return str(secrets.get("url") or "")

    def headers(self, secrets: Mapping[str, Any]) -> dict[str, str]:
        return {}

    def signed(self, message: Hook, secrets: Mapping[str, Any]) -> Mapping[str, str]:
        """After a rotation by the old secret, too, for a while."""
        known = [Secret(str(secrets.get("secret") or "")), *_still(secrets)]
        return STANDARD_WEBHOOKS.sign(message, *known)

    def introduced(self, typed: Mapping[str, Any], client: Client) -> Account:
        """A first message shows whether the address is right, and which fields there are."""
        _post(client, ping())
        return listening(typed["url"], typed["secret"])

    def hears(self, news: News, link: Link) -> bool:
        return news in link.config.get("tells", ())

    def tell(self, news: News, entry: Entry, link: Link, client: Client) -> str:
        told = telling(str(link.config.get("shape")), news, entry)
        _post(client, told)
        return told.headers["webhook-id"]


def rotated(secrets: Mapping[str, Any], secret: str) -> dict[str, Any]:
    """The secrets of an address that gets a new one. The old one signs beside it, until who
    listens has the new one: https://www.standardwebhooks.com"""
    until = (datetime.now(UTC) + OVERLAP).isoformat()
    return {**secrets, "secret": secret, "was": str(secrets.get("secret") or ""), "until": until}


def _still(secrets: Mapping[str, Any]) -> list[Secret]:
    was, until = secrets.get("was"), secrets.get("until")
    lasts = was and until and datetime.fromisoformat(until) > datetime.now(UTC)
    return [Secret(was)] if lasts else []


def _post(client: Client, told: Telling) -> None:
    client.tell(told.body, headers={"content-type": "application/json", **told.headers})


def listening(url: str, secret: str) -> Account:
    uid = f"webhook:{fingerprint(url.encode())[:32]}"
    return Account(
        uid=uid, name=urlsplit(url).hostname or "", secrets={"url": url, "secret": secret}
    )


class BothWays(FromTool, HearsNews):
    """A tool that posts what it is told to, and is told of entries; a link may do either, or
    both."""

    def __init_subclass__(cls) -> None:
        super().__init_subclass__()
        cls.link_form = type("ToolForm", (TellingForm, cls.link_form), {})

    def summary(self, link: Link) -> str:
        tells = any(self.hears(news, link) for news in News)
        return HearsNews.summary(self, link) if tells else super().summary(link)
