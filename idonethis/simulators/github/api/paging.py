"""Lists in pages: https://docs.github.com/en/rest/using-the-rest-api/using-pagination-in-the-rest-api"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from starlette.datastructures import URL
from starlette.responses import JSONResponse

from ...store import Record
from .call import Call

MOST = 100


def number(call: Call, name: str, default: int) -> int:
    text = call.query(name, str(default))
    return max(1, int(text)) if text.isdecimal() else default


def per_page(call: Call) -> int:
    return min(MOST, number(call, "per_page", 30))


def paged(call: Call, items: list[Any], *, around: Record | None = None) -> JSONResponse:
    """One page of the items, with the Link header; `around` is an envelope for the items."""
    size, page = per_page(call), number(call, "page", 1)
    last = max(1, -(-len(items) // size))
    shown = items[(page - 1) * size : page * size]
    body = shown if around is None else {**around, "items": shown}
    return JSONResponse(body, headers=links(call.request.url, page=page, last=last))


def links(url: URL, *, page: int, last: int) -> dict[str, str]:
    """rel prev and first unless on the first page; next and last unless on the last one."""
    pages = {"prev": page - 1, "first": 1} if page > 1 else {}
    pages |= {"next": page + 1, "last": last} if page < last else {}
    shown = [f'<{url.include_query_params(page=n)}>; rel="{rel}"' for rel, n in pages.items()]
    return {"Link": ", ".join(shown)} if shown else {}


def by_neighbour(
    call: Call, items: list[Record], *, show: Callable[[Record], Record]
) -> JSONResponse:
    """Pages of what is told by its place: ?after= names the last item of the page before."""
    size, after = per_page(call), call.query("after", "")
    at = next((i + 1 for i, item in enumerate(items) if f"v2_{item['id']}" == after), 0)
    shown, following = items[at : at + size], items[at + size :]
    url = call.request.url.include_query_params(after=f"v2_{shown[-1]['id']}") if shown else ""
    headers = {"Link": f'<{url}>; rel="next"'} if following else {}
    return JSONResponse([show(item) for item in shown], headers=headers)


def by_cursor(call: Call, items: list[Record], *, shown: list[Record]) -> JSONResponse:
    """Pages of deliveries: the cursor is the id of the first item of the page."""
    size, cursor = per_page(call), call.query("cursor", "")
    at = next((i for i, item in enumerate(items) if f"v1_{item['id']}" == cursor), 0)
    following = items[at + size : at + size + 1]
    url = call.request.url
    link = [url.include_query_params(cursor=f"v1_{item['id']}") for item in following]
    headers = {"Link": f'<{link[0]}>; rel="next"'} if link else {}
    return JSONResponse(shown[at : at + size], headers=headers)
