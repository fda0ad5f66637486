"""What ``manage.py check`` finds. https://docs.djangoproject.com/en/stable/topics/checks/"""

from __future__ import annotations

from typing import Any

from django.core.checks import Error, register

from idonethis.integrations import registry


@register
def every_integration_can_be_loaded(**asked: Any) -> list[Error]:
    return [Error(str(each), id="integrations.E001") for each in registry.broken()]
