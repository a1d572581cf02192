"""Opening one request with its applicant, office and open visit: the page of a file begins here.

Read in one statement that is written once. Composing it anew, joins and all, took the ORM longer
than PostgreSQL takes to answer; what comes back are the same rows as from the ORM.
"""

from collections.abc import Sequence
from functools import cache
from typing import Any

from django.db import connection, models

from services.offices.actors import Actor
from services.offices.models import Office
from services.requests.models import Applicant, ServiceRequest, StageVisit
from services.requests.visibility import sectors_at

_FROM = """
FROM requests_servicerequest r
JOIN catalogue_service s ON s.id = r.service_id
JOIN offices_office o ON o.id = r.office_id
LEFT JOIN requests_applicant a ON a.id = r.applicant_id
LEFT JOIN requests_stagevisit v ON v.id = r.current_visit_id
WHERE """
_TABLES: tuple[tuple[str, type[models.Model]], ...] = (
    ("r", ServiceRequest),
    ("o", Office),
    ("a", Applicant),
    ("v", StageVisit),
)


def request_here(actor: Actor, *, code: str = "", request_id: int = 0) -> ServiceRequest | None:
    """Return a request that lies where the actor may see it now, by code or by id; else None."""
    condition, value = ("r.tracking_code = %s", code) if code else ("r.id = %s", request_id)
    with connection.cursor() as cursor:
        cursor.execute(f"{_select()}{_FROM}{condition}", [value])
        row = cursor.fetchone()
    if row is None:
        return None
    sector_id, *values = row
    found = _made(values)
    sectors = sectors_at(actor, found.office_id)
    return found if sectors is None or sector_id in sectors else None


def _made(values: Sequence[Any]) -> ServiceRequest:
    made: list[Any] = []
    start = 0
    for _alias, model in _TABLES:
        names, converted = _columns(model)
        part = list(values[start : start + len(names)])
        start += len(names)
        for place, field in converted:
            part[place] = field.from_db_value(part[place], None, connection)
        # The first column is the key: without one the outer join found nothing.
        is_there = part[0] is not None
        made.append(model.from_db(connection.alias, names, part) if is_there else None)
    request, office, applicant, visit = made
    assert isinstance(request, ServiceRequest)
    request.office, request.applicant, request.current_visit = office, applicant, visit
    return request


@cache
def _columns(model: type[models.Model]) -> tuple[list[str], list[tuple[int, Any]]]:
    fields = model._meta.concrete_fields
    converted = [(n, field) for n, field in enumerate(fields) if hasattr(field, "from_db_value")]
    return [field.attname for field in fields], converted


@cache
def _select() -> str:
    columns = (
        f'{alias}."{field.column}"'
        for alias, model in _TABLES
        for field in model._meta.concrete_fields
    )
    return f"SELECT s.sector_id, {', '.join(columns)}"
