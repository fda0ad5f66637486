from __future__ import annotations

from idonethis.entries.models.entry import Entry, EntryQuerySet, Tag
from idonethis.entries.models.source import Source
from idonethis.entries.models.talk import Comment, Like
from idonethis.entries.models.told import Change, Told

__all__ = ["Change", "Comment", "Entry", "EntryQuerySet", "Like", "Source", "Tag", "Told"]
