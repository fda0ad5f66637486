from __future__ import annotations

from importlib import import_module
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST, require_safe

from idonethis.accounts.limits import pace
from idonethis.accounts.tokens import Scope
from idonethis.api.shown import Closed, let_in, shown_in
from idonethis.assistants.asking import Asking
from idonethis.assistants.heard import Heard

#: What an assistant asks for that was told nothing else: it reads, and drafts.
USUAL = f"{Scope.READ} {Scope.DRAFT}"
#: The SDK and what it needs take longer to load, and more memory, than all the rest; many servers
#: have no assistants. So whoever asks first waits for it.
SPEAKING = "idonethis.assistants.speaking"


@csrf_exempt
@never_cache
@require_POST
def mcp(request: HttpRequest) -> HttpResponse:
    """One message of an assistant. It is let in by a token alone, and by no session, so no page of
    another site can speak for anybody."""
    try:
        user = let_in(request, Scope)
    except Closed as closed:
        return _refused(str(closed), 403)
    if user is None:
        return _unknown(is_wrong=bool(shown_in(request)))
    request.pace = found = pace(request, user, "api")  # type: ignore[attr-defined]
    if found and not found.allowed:
        return _refused(found.refusal, 429)
    asking = Asking(request, user, request.token)  # type: ignore[attr-defined]
    heard: Heard = import_module(SPEAKING).answer(asking)
    if heard.wants and asking.token.app_id:
        return _asks_for_more(asking, heard.wants)
    return heard.response


def _refused(sentence: str, status: int) -> HttpResponse:
    return JsonResponse({"error": sentence}, status=status)


def _unknown(*, is_wrong: bool) -> HttpResponse:
    answer = _refused(
        "This takes a token of somebody here, and the one that came is none, or none came. Nothing "
        "was done. Tokens are made in the settings, under Tokens.",
        401,
    )
    answer["WWW-Authenticate"] = _challenge(USUAL, "invalid_token" if is_wrong else "")
    return answer


def _asks_for_more(asking: Asking, wants: tuple[str, ...]) -> HttpResponse:
    """An application can ask its person by itself; whoever was given a token by hand cannot, and
    reads in words what is missing."""
    scopes = " ".join(sorted({*asking.token.scopes, *wants}))
    answer = _refused(f"This takes the scopes {scopes}. Nothing was done.", 403)
    answer["WWW-Authenticate"] = _challenge(scopes, "insufficient_scope")
    return answer


def _challenge(scopes: str, error: str) -> str:
    """Where to get a token, and which:
    https://modelcontextprotocol.io/specification/2025-11-25/basic/authorization"""
    there = settings.BASE_URL + reverse("mcp_described")
    said = {"resource_metadata": there, "scope": scopes, "error": error}
    return "Bearer " + ", ".join(f'{name}="{each}"' for name, each in said.items() if each)


@require_safe
def described(request: HttpRequest) -> JsonResponse:
    """https://www.rfc-editor.org/rfc/rfc9728"""
    told: dict[str, Any] = {
        "resource": settings.BASE_URL + reverse("mcp"),
        "resource_name": "I Done This",
        "authorization_servers": [settings.BASE_URL],
        "scopes_supported": [Scope.READ, Scope.DRAFT, Scope.WRITE],
        "bearer_methods_supported": ["header"],
    }
    return JsonResponse(told)
