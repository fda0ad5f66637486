from __future__ import annotations

from idonethis.entries.models.entry import Entry, EntryQuerySet, Tag
from idonethis.entries.models.source import Change, Source, Told
from idonethis.entries.models.talk import Comment, Like

__all__ = ["Change", "Comment", "Entry", "EntryQuerySet", "Like", "Source", "Tag", "Told"]
