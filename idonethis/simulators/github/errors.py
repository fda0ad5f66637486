"""What the API says when it says no."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from ..store import Record

DOCS = "https://docs.github.com/rest"


class ApiError(Exception):
    """An answer in GitHub's error shape.

    Source: https://docs.github.com/en/rest/using-the-rest-api/troubleshooting-the-rest-api
    """

    def __init__(
        self,
        status: int,
        message: str,
        *,
        errors: list[Record] | None = None,
        headers: Record | None = None,
    ) -> None:
        super().__init__(message)
        self.status = status
        self.message = message
        self.errors = errors
        self.headers = headers or {}

    def response(self) -> Response:
        errors = {"errors": self.errors} if self.errors else {}
        rest = {"documentation_url": DOCS, "status": str(self.status)}
        return JSONResponse({"message": self.message, **errors, **rest}, self.status, self.headers)


def not_found() -> ApiError:
    """Also the answer to whoever may not know that the thing exists."""
    return ApiError(404, "Not Found")


def bad_credentials() -> ApiError:
    return ApiError(401, "Bad credentials")


def invalid(resource: str, message: str, *, field: str | None = None) -> ApiError:
    error = {"resource": resource, "code": "custom", "message": message}
    return ApiError(
        422, "Validation Failed", errors=[{**error, "field": field} if field else error]
    )


async def shown(_: Request, error: Exception) -> Response:
    if not isinstance(error, ApiError):
        raise error
    return error.response()
