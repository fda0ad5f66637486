"""What a link picks from what came in, as a folder to share."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from idonethis.accounts.requests import Request
from idonethis.integrations.exporting import CannotExport, exported
from idonethis.integrations.views.common import managed_link
from idonethis.ui.toasts import toast


@login_required
@require_safe
@never_cache
def export_link(request: Request, hash_id: str) -> HttpResponse:
    found = managed_link(request, hash_id)
    try:
        folder = exported(found, request.user)
    except CannotExport as problem:
        toast(request, f"{problem} Nothing was exported.")
        return redirect(found)
    response = HttpResponse(folder.package, content_type="application/zip")
    response["Content-Disposition"] = f'attachment; filename="idonethis-{folder.name}.zip"'
    return response
