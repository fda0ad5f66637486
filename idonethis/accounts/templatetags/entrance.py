from __future__ import annotations

from django import template
from django.conf import settings

from idonethis.accounts.models import User

register = template.Library()


@register.simple_tag
def sends_mail() -> bool:
    """Whether this server has a mail server; without one, mails appear in its terminal."""
    return bool(settings.EMAIL_HOST)


@register.simple_tag
def awaits_first() -> bool:
    """Whether nobody could sign in, since nobody has an account."""
    return not User.objects.exists()
