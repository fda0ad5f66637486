"""REST hooks: a program says where it listens, and is told of a team's entries there.
https://resthooks.org"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from urllib.parse import urlsplit

from django.db import IntegrityError, transaction

from idonethis.accounts.models import ApiToken
from idonethis.integrations import registry
from idonethis.integrations.base import Never, News, fingerprint
from idonethis.integrations.kits.telling import HearsNews, listening, new_secret, rotated
from idonethis.integrations.models import IntegrationLink, IntegrationUser
from idonethis.integrations.models.making import change_link, make_link
from idonethis.integrations.models.subscribed import name_of, subscribed_by
from idonethis.teams.models import Team


@dataclass(frozen=True)
class Wish:
    """What a program asks for: without an ``event``, all that there are in this ``shape``."""

    target_url: str
    event: News | None = None
    shape: str = "standard"
    integration_type: str = ""

    @property
    def tells(self) -> list[str]:
        # Whoever wants the old shape knows of no removals, and would take one for a change.
        usual = [News.CREATED, News.UPDATED] if self.shape == "v2" else list(News)
        return [news.value for news in ([self.event] if self.event else usual)]

    @property
    def integration(self) -> HearsNews:
        """The tool that it says it is, or that listens there. Raises Never."""
        if self.integration_type:
            return _named(self.integration_type)
        host = urlsplit(self.target_url).hostname or ""
        able = [each for each in registry.integrations().values() if isinstance(each, HearsNews)]
        # What takes any host is asked last.
        able.sort(key=lambda each: "*" in each.hosts)
        found = (each for each in able if _is_at(host, each.hosts))
        if (first := next(found, None)) is None:
            raise Never("No integration of this server tells of entries there.")
        return first

    def uid(self, token: ApiToken, team: Team) -> str:
        parts = (team.hash_id, self.target_url, self.event or "")
        return name_of(token, fingerprint("\n".join(parts).encode()))


def _named(integration_type: str) -> HearsNews:
    found = registry.get(integration_type)
    if not isinstance(found, HearsNews):
        raise Never(f"There is no integration {integration_type[:40]} that listens at an address.")
    return found


def _is_at(host: str, hosts: Sequence[str]) -> bool:
    return any(fnmatchcase(host.lower(), pattern) for pattern in hosts)


def subscribe(token: ApiToken, team: Team, wish: Wish) -> tuple[IntegrationLink, str]:
    """The link, and the secret of a new one; the same wish again is the same link, and its secret
    is not told again. Raises Failed."""
    uid = wish.uid(token, team)
    same = subscribed_by(token).filter(integration_user__uid=uid)
    try:
        known = same.first()
        return (known, "") if known else _new(token, team, wish)
    except IntegrityError:
        # Somebody was quicker by a moment, with the same wish.
        return same.get(), ""


@transaction.atomic
def _new(token: ApiToken, team: Team, wish: Wish) -> tuple[IntegrationLink, str]:
    integration, secret = wish.integration, new_secret()
    address = listening(wish.target_url, secret)
    account = IntegrationUser(
        integration_type=integration.integration_type,
        uid=wish.uid(token, team),
        kind="hook",
        user=token.user,
        name=_called(token, address.name),
        evidence=IntegrationUser.Evidence.CLAIMED,
    )
    account.secrets = address.secrets
    account.save()
    link = make_link(
        integration,
        team,
        user=token.user,
        integration_user=account,
        config={**integration.defaults, "tells": wish.tells, "shape": wish.shape},
    )
    link.record("hook.subscribed", token=token.hash_id)
    return link, secret


@transaction.atomic
def rotate(link: IntegrationLink, token: ApiToken) -> str:
    """A new secret, told this once; the old one signs beside it for a day."""
    account, secret = IntegrationUser.objects.get(links=link, kind="hook"), new_secret()
    account.secrets = rotated(account.secrets, secret)
    account.save()
    link.record("hook.secret_rotated", token=token.hash_id)
    return secret


def _called(token: ApiToken, host: str) -> str:
    return f"{host[:100]}, by the token “{token.name}”"


@transaction.atomic
def move(link: IntegrationLink, token: ApiToken, wish: Wish) -> None:
    """To another address or other news; the secret stays. Raises Failed, and IntegrityError where
    there is such a hook already."""
    account = IntegrationUser.objects.get(links=link, kind="hook")
    url = wish.target_url
    account.secrets = {**account.secrets, "url": url}
    account.uid = wish.uid(token, link.team)
    account.name = _called(token, urlsplit(url).hostname or "")
    account.save()
    change_link(link, {**link.config, "tells": wish.tells, "shape": wish.shape})
    link.record("hook.moved", token=token.hash_id)
    if link.is_in_trouble:
        link.resume()
