from __future__ import annotations

from whitenoise.storage import CompressedManifestStaticFilesStorage


class HashedFiles(CompressedManifestStaticFilesStorage):
    """Hashes the names inside JavaScript imports too, so that modules are cached for good."""

    support_js_module_import_aggregation = True
