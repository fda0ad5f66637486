"""What a program is answered that reads a feed. It shows no session: the address is the proof."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.core.signing import BadSignature
from django.http import HttpRequest, HttpResponse
from django.utils.cache import get_conditional_response
from django.utils.http import http_date, quote_etag

from idonethis.accounts.limits import asks, too_often
from idonethis.feeds.contents import Contents
from idonethis.feeds.models import Feed

ENDED = (
    "Nothing is read at this address any more: it was exchanged or withdrawn, or whose it was has "
    "left. A member makes a new one under Your settings, Feeds."
)


@dataclass(frozen=True)
class Written:
    """One way to write a feed, and how many entries are worth it."""

    content_type: str
    most: int
    write: Callable[[Contents], bytes]

    def answer(self, request: HttpRequest, token: str) -> HttpResponse:
        try:
            answer = self._read(request, Feed.objects.at(token))
        except BadSignature:
            answer = _plain(404, "There is nothing at this address. Perhaps it was cut off.")
        except Feed.DoesNotExist:
            answer = _plain(410, ENDED)
        answer["X-Robots-Tag"] = "noindex, nofollow"
        return answer

    def _read(self, request: HttpRequest, feed: Feed) -> HttpResponse:
        if not asks(request, feed.user, "feed"):
            return too_often(request)
        feed.note_read()
        contents = Contents.of(feed, most=self.most)
        etag, changed = quote_etag(contents.digest), int(contents.changed_at.timestamp())
        known = get_conditional_response(request, etag=etag, last_modified=changed)
        answer = known or HttpResponse(self.write(contents), content_type=self.content_type)
        answer["ETag"], answer["Last-Modified"] = etag, http_date(changed)
        answer["Cache-Control"] = "private, no-cache"
        return answer


def _plain(status: int, sentence: str) -> HttpResponse:
    return HttpResponse(sentence, status=status, content_type="text/plain; charset=utf-8")
