"""Reading what a service hook says: https://learn.microsoft.com/azure/devops/service-hooks/events

The same from Microsoft's own servers, which give an id to one person alone, and from servers of
one's own: there, ids of people begin with the name of the server."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from idonethis.integrations.base import Actor, instant, json_object, line, record

#: What **Test** sends belongs to no subscription.
NOBODYS = "00000000-0000-0000-0000-000000000000"
HOST = re.compile(r"https?://([^/?#]{1,100})")
#: Where Microsoft itself runs it, today and as it was called before.
#: https://learn.microsoft.com/azure/devops/release-notes/2018/sep-10-azure-devops-launch
HOSTED = re.compile(r"dev\.azure\.com|[\w-]+\.visualstudio\.com")
#: How accounts of services are described, such as that of builds, and those of other programs.
#: https://learn.microsoft.com/rest/api/azure/devops/graph/
BOTS = ("svc.", "s2s.", "aadsp.")
#: As old versions of events name somebody: ``Ada Lovelace <ada@example.org>``.
NAMED = re.compile(r"([^<>]{0,200})<([^<>]{1,200})>")
#: Who is asked, in the address of a repository: ``https://engines@dev.azure.com/``.
ASKED = re.compile(r"^(https?://)[^/@]{1,200}@")


@dataclass(frozen=True)
class Payload:
    """``done``: the states in which a work item is finished, in small letters."""

    body: Mapping[str, Any]
    done: frozenset[str] = field(default_factory=frozenset)

    @classmethod
    def of(cls, body: Any, *, done: frozenset[str]) -> Payload:
        return cls(json_object(body, "An event of Azure DevOps"), done)

    @property
    def resource(self) -> Mapping[str, Any]:
        return record(self.body.get("resource"))

    @property
    def is_example(self) -> bool:
        return line(self.body.get("subscriptionId")) == NOBODYS

    @property
    def at(self) -> datetime | None:
        return instant(self.body.get("createdDate"))

    @property
    def organisation(self) -> Mapping[str, Any]:
        """Called a collection, or an account, where it is told."""
        containers = record(self.body.get("resourceContainers"))
        return record(containers.get("collection")) or record(containers.get("account"))

    @property
    def repository(self) -> Mapping[str, Any]:
        return record(self.resource.get("repository"))

    @property
    def place(self) -> str:
        """``project/repository``, or one name where both are called alike."""
        project = line(record(self.repository.get("project")).get("name"))
        names = dict.fromkeys(filter(None, (project, line(self.repository.get("name")))))
        return "/".join(names) or "a repository"

    @property
    def web_url(self) -> str:
        said = line(self.repository.get("webUrl")) or line(self.repository.get("remoteUrl"))
        return ASKED.sub(r"\1", said)

    def person(self, said: Any) -> Actor:
        """The unique name is a mail address as a rule; whether it is theirs is for their
        organisation to say, so none is vouched for."""
        if isinstance(said, str):
            found = NAMED.fullmatch(said.strip())
            return Actor(name=found[1].strip(), email=_mail(found[2])) if found else Actor()
        known = record(said)
        unique = line(known.get("uniqueName"))
        return Actor(
            uid=named(line(self.organisation.get("baseUrl")) or self.web_url, known.get("id")),
            login="" if _mail(unique) else unique,
            name=line(known.get("displayName")),
            email=_mail(unique),
            bot=line(known.get("descriptor")).startswith(BOTS),
        )


def named(address: str, number: Any) -> str:
    """An id that no other server than the one at this address has given to somebody else."""
    found, said = HOST.match(address), line(number)
    host = found[1].lower() if found else ""
    return said if not (host and said) or HOSTED.fullmatch(host) else f"{host}/{said}"


def _mail(said: str) -> str:
    return said if "@" in said else ""
