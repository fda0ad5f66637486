"""What one would write first: a Django view and the ORM, doing the same work: check the signature,
store the body and its headers durably, each delivery once, answer 200."""

from __future__ import annotations

import hmac
import os

import django
from django.conf import settings
from django.core.wsgi import get_wsgi_application

from idonethis.databases import postgresql

URL = os.environ.get("DATABASE_URL", "")
SQLITE = {
    "ENGINE": "django.db.backends.sqlite3",
    "NAME": os.environ.get("BENCH_DATABASE", ""),
    "OPTIONS": {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;",
    },
}
DATABASE = postgresql(URL) if URL else SQLITE

settings.configure(
    SECRET_KEY="bench",
    ALLOWED_HOSTS=["*"],
    ROOT_URLCONF=__name__,
    INSTALLED_APPS=[
        "django.contrib.auth",
        "django.contrib.contenttypes",
        "django.contrib.sessions",
    ],
    MIDDLEWARE=[
        "django.middleware.security.SecurityMiddleware",
        "django.contrib.sessions.middleware.SessionMiddleware",
        "django.middleware.common.CommonMiddleware",
        "django.middleware.csrf.CsrfViewMiddleware",
        "django.contrib.auth.middleware.AuthenticationMiddleware",
        "django.contrib.messages.middleware.MessageMiddleware",
        "django.middleware.clickjacking.XFrameOptionsMiddleware",
    ],
    DATABASES={"default": DATABASE | {"CONN_MAX_AGE": None}},
    USE_TZ=True,
)
django.setup()

from django.db import connection, models, transaction  # noqa: E402
from django.http import HttpRequest, HttpResponse  # noqa: E402
from django.urls import path  # noqa: E402
from django.views.decorators.csrf import csrf_exempt  # noqa: E402

from bench.body import SECRET  # noqa: E402


class Link(models.Model):
    token = models.CharField(max_length=43, unique=True)
    secret = models.CharField(max_length=80)

    class Meta:
        app_label = "bench"


class Delivery(models.Model):
    link = models.ForeignKey(Link, models.CASCADE)
    delivery_id = models.CharField(max_length=80)
    headers = models.JSONField()
    body = models.BinaryField()
    received_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        app_label = "bench"
        constraints = [models.UniqueConstraint(fields=["link", "delivery_id"], name="once")]


@csrf_exempt
def hook(request: HttpRequest, token: str) -> HttpResponse:
    link = Link.objects.get(token=token)
    expected = "sha256=" + hmac.digest(link.secret.encode(), request.body, "sha256").hex()
    if not hmac.compare_digest(request.headers.get("X-Hub-Signature-256", ""), expected):
        return HttpResponse(status=401)
    with transaction.atomic():
        Delivery.objects.get_or_create(
            link=link,
            delivery_id=request.headers["X-GitHub-Delivery"],
            defaults={"headers": dict(request.headers), "body": request.body},
        )
    return HttpResponse()


urlpatterns = [path("hook/<str:token>", hook)]

with connection.schema_editor() as editor:
    editor.create_model(Link)
    editor.create_model(Delivery)
Link.objects.create(token="t", secret=SECRET)
connection.close()

application = get_wsgi_application()
