"""What is encrypted here goes along when keys are changed."""

from __future__ import annotations

from idonethis.integrations.models.resealing import COLUMNS, Column, bound
from idonethis.porting.models import Upload

COLUMNS.append(
    Column(Upload, "sealed_token", bound("sealed_token", lambda it: it.row), "import of a server")
)
