"""A feed for feed readers: https://www.rfc-editor.org/rfc/rfc4287

It does not say at which address it stands: what is passed on would let in whoever reads it."""

from __future__ import annotations

from django.utils.feedgenerator import Atom1Feed, get_tag_uri

from idonethis.feeds.contents import Contents, Item
from idonethis.ui.linkify import linkify


def atom(contents: Contents) -> bytes:
    made = Atom1Feed(
        title=contents.title, link=contents.page, description=None, author_name=contents.reader
    )
    for item in contents.items:
        _add(item, made)
    return made.writeString("utf-8").encode()


def _add(item: Item, made: Atom1Feed) -> None:
    made.add_item(
        title=item.title,
        link=item.page,
        description=str(linkify(item.body)),
        author_name=item.who or None,
        unique_id=get_tag_uri(item.page, item.created_at),
        pubdate=item.at,
        updateddate=item.updated_at,
        categories=item.categories,
    )
