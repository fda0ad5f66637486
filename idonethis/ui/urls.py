from __future__ import annotations

from django.conf import settings
from django.urls import path

from idonethis.ui import views

urlpatterns = [path("dev/components", views.components)] if settings.DEBUG else []
