"""How a background task enters its province: by schema name, or not at all."""

import functools
from collections.abc import Callable
from typing import Any

import structlog
from celery import shared_task

from tenants.context import as_national, in_province, national_of, province_by_schema

logger = structlog.get_logger(__name__)
DEFAULTS: dict[str, Any] = {
    "acks_late": True,
    "soft_time_limit": 240,
    "time_limit": 300,
    "ignore_result": True,
}


class UnknownProvinceError(LookupError):
    """A task came without a province, or with one that does not exist."""


def _entering(enter: Callable[..., Any], function: Callable[..., Any]) -> Callable[..., Any]:
    @functools.wraps(function)
    def wrapper(schema_name: str, *args: Any, **kwargs: Any) -> Any:
        province = province_by_schema(schema_name) if isinstance(schema_name, str) else None
        if province is None:
            raise UnknownProvinceError(f"No province has the schema {schema_name!r}.")
        with enter(province):
            return function(province, *args, **kwargs)

    return wrapper


def province_task(**options: Any) -> Callable[[Callable[..., Any]], Any]:
    """Make a Celery task that runs inside a province.

    Callers pass the schema name first; the function receives the Province. A missing or
    unknown schema raises UnknownProvinceError before anything runs.
    """
    return lambda function: shared_task(**{**DEFAULTS, **options})(_entering(in_province, function))


def national_province_task(**options: Any) -> Callable[[Callable[..., Any]], Any]:
    """Make a Celery task that reads one province's events under the national role."""
    return lambda function: shared_task(**{**DEFAULTS, **options})(_entering(national_of, function))


def national_task(**options: Any) -> Callable[[Callable[..., Any]], Any]:
    """Make a Celery task on the shared schema under the national role."""

    def decorate(function: Callable[..., Any]) -> Any:
        @functools.wraps(function)
        def wrapper(*args: Any, **kwargs: Any) -> Any:
            with as_national():
                return function(*args, **kwargs)

        return shared_task(**{**DEFAULTS, **options})(wrapper)

    return decorate
