"""Releases."""

from __future__ import annotations

from ...store import Record
from .people import user
from .place import Place
from .web import node_id


def release(place: Place, record: Record) -> Record:
    url = f"{place.api}/releases/{record['id']}"
    uploads = f"{place.web.origin}/api/uploads/repos/{place.name}/releases/{record['id']}"
    return {
        "url": url,
        "assets_url": f"{url}/assets",
        "upload_url": f"{uploads}/assets{{?name,label}}",
        "html_url": place.web.page(place.name, "releases", "tag", record["tag_name"]),
        "id": record["id"],
        "author": user(place.web, place.accounts[record["user"]]),
        "node_id": node_id("Release", record["id"]),
        "tag_name": record["tag_name"],
        "target_commitish": record["target_commitish"],
        "name": record["name"],
        "draft": False,
        "immutable": False,
        "prerelease": record["prerelease"],
        "created_at": record["created_at"],
        "updated_at": record["created_at"],
        "published_at": record["created_at"],
        "assets": [],
        "tarball_url": f"{place.api}/tarball/{record['tag_name']}",
        "zipball_url": f"{place.api}/zipball/{record['tag_name']}",
        "body": record["body"],
    }
