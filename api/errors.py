"""Domain errors as RFC 9457 problem details."""

from typing import Any

from django.db import InterfaceError, OperationalError
from django.http import HttpResponse
from rest_framework.response import Response
from rest_framework.views import exception_handler

from owso import errors
from owso.middleware import status_of


def handle(error: Exception, context: dict[str, Any]) -> HttpResponse | None:
    """Translate what a rule raised; all else is Django REST framework's to answer."""
    if isinstance(error, errors.DomainError):
        body: dict[str, Any] = {
            "status": status_of(error),
            "code": error.code,
            "title": str(error.message),
        }
        if isinstance(error, errors.Invalid) and error.fields:
            body["fields"] = {name: str(text) for name, text in error.fields.items()}
        return Response(body, status=body["status"], content_type="application/problem+json")
    if isinstance(error, OperationalError | InterfaceError):
        return Response(
            {"status": 503, "code": "unavailable", "title": "Try again in a moment."},
            status=503,
            content_type="application/problem+json",
            headers={"Retry-After": "10"},
        )
    return exception_handler(error, context)
