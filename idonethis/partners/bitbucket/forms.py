from __future__ import annotations

import re
from typing import Any, ClassVar

from django import forms
from django.core.validators import RegexValidator

from idonethis.integrations.base import LinkForm

#: https://support.atlassian.com/bitbucket-cloud/docs/what-is-a-slug/
REPOSITORY = re.compile(r"\A[\w-]{1,100}/(?!\.{1,2}\Z)[\w.-]{1,100}\Z", re.ASCII)


class RepositoryField(forms.CharField):
    """``workspace/name``; the address of a page or of a clone says the same."""

    def to_python(self, value: Any) -> str:
        text = str(super().to_python(value))
        return re.sub(r"^https?://[^/]+/|\.git$|/$", "", text).lower()


class BitbucketForm(LinkForm):
    picks: ClassVar[tuple[str, ...]] = ("repository",)

    repository = RepositoryField(
        required=False,
        max_length=200,
        initial="",
        validators=[RegexValidator(REPOSITORY, "Write it as workspace/name.")],
        help_text="Those that you administer.",
    )

    def without_account(self) -> None:
        """Whoever makes the webhook says there which repository it is."""
        super().without_account()
        del self.fields["repository"]
