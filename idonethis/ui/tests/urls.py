"""The components page and a few answers for it, as the browser tests need them."""

from __future__ import annotations

from pathlib import Path

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template import engines
from django.urls import include, path

from idonethis.ui import views
from idonethis.ui.toasts import toast

logged: list[str] = []


def add(request: HttpRequest) -> HttpResponse:
    """Logs what was typed, or fails as the text asks: "500", "404" or "login"."""
    body = request.POST["body"]
    if body.isdigit():
        return HttpResponse("<h1>Not for the list</h1>", status=int(body))
    if body == "login":
        return redirect("account_login")
    logged.append(f"{request.POST['key']} {body}")
    toast(request, "Logged.", undo="/undo")
    return HttpResponse(f'<article class="row" data-item tabindex="-1">{len(body)}</article>')


def undo(request: HttpRequest) -> HttpResponse:
    toast(request, f"Taken back by {request.method}.")
    return redirect("/page")


def page(request: HttpRequest) -> HttpResponse:
    source = Path(__file__).with_name("page.html").read_text()
    return HttpResponse(engines["django"].from_string(source).render({}, request))


def poll(request: HttpRequest) -> HttpResponse:
    logged.append("poll")
    return HttpResponse(status=204)


urlpatterns = [
    path("dev/components", views.components),
    path("page", page),
    path("add", add),
    path("undo", undo),
    path("poll", poll),
    path("", include("idonethis.urls")),
]
