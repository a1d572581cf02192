"""Errors as RFC 9457 problem details: status, code, title, and what is wrong with which field."""

from typing import Any

import structlog
from django.core.exceptions import RequestDataTooBig
from django.http import Http404, HttpResponse
from django.utils.translation import gettext as _
from rest_framework import exceptions
from rest_framework.response import Response

from owso import errors
from owso.middleware import OUTAGES, status_of

logger = structlog.get_logger(__name__)
PROBLEM = "application/problem+json"
RETRY_SECONDS = 10


def handle(error: Exception, _context: dict[str, Any]) -> HttpResponse | None:
    """Translate what a rule, the framework or an outage raised; anything else is our mistake."""
    if isinstance(error, errors.DomainError):
        return _refused(error)
    if isinstance(error, RequestDataTooBig):
        return problem(413, "too_large", _("This is more than can be taken at once. Send less."))
    if isinstance(error, OUTAGES):
        logger.error("outage", exc_info=error, kind=type(error).__name__)
        text = _("Something is being restarted; nothing was written. Try again in a moment.")
        return problem(503, "unavailable", text, headers={"Retry-After": str(RETRY_SECONDS)})
    if isinstance(error, Http404):
        return _refused(errors.NotFound())
    if isinstance(error, exceptions.ValidationError):
        text = _("Some of what was sent cannot be accepted. Correct the fields that are named.")
        return problem(422, "fields_invalid", text, fields=dict(_named(error.detail)))
    if isinstance(error, exceptions.APIException):
        return _framework(error)
    return None


def problem(
    status: int,
    code: str,
    title: str,
    *,
    fields: dict[str, str] | None = None,
    headers: dict[str, str] | None = None,
) -> Response:
    """Return the answer to something that cannot be done."""
    body: dict[str, Any] = {"status": status, "code": code, "title": title}
    if fields:
        body["fields"] = fields
    return Response(body, status=status, headers=headers, content_type=PROBLEM)


def _refused(error: errors.DomainError) -> Response:
    fields = error.fields if isinstance(error, errors.Invalid) else {}
    texts = {name: str(text) for name, text in fields.items()}
    return problem(status_of(error), error.code, str(error.message), fields=texts)


def _framework(error: exceptions.APIException) -> Response:
    wait = getattr(error, "wait", None)
    headers = {} if wait is None else {"Retry-After": str(int(wait))}
    detail = error.detail
    code = getattr(detail, "code", error.default_code)
    return problem(error.status_code, str(code), str(detail), headers=headers)


def _named(detail: Any, path: str = "") -> list[tuple[str, str]]:
    """Flatten the framework's nested messages to field path and first message."""
    if isinstance(detail, dict):
        pairs = [
            _named(inner, f"{path}.{name}" if path else str(name)) for name, inner in detail.items()
        ]
        return [pair for group in pairs for pair in group]
    if isinstance(detail, list):
        return _named(detail[0], path) if detail else []
    return [(path, str(detail))]
