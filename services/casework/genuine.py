"""What anybody may know of a printed document by its token: nothing personal."""

from dataclasses import dataclass
from datetime import datetime

from django.db import connection
from psycopg import sql

from owso.database.access import current


@dataclass(frozen=True, slots=True)
class GenuineDocument:
    """What the paper says of itself; `is_valid` is false once the request was ended otherwise."""

    year: int
    number: int
    signed_at: datetime
    office_code: str
    office_name_km: str
    office_name_en: str
    service_version_id: int
    is_valid: bool


_COLUMNS = tuple(GenuineDocument.__dataclass_fields__)
_SELECT = "SELECT {columns} FROM {schema}.genuine_document WHERE token = %s"


def genuine_document(token: str, *, schema_name: str | None = None) -> GenuineDocument | None:
    """Return the document of a parsed token, None when there is none.

    One query on one view; works under the portal's role, which may read nothing else of it.
    """
    names = {
        "columns": sql.SQL(", ").join(map(sql.Identifier, _COLUMNS)),
        "schema": sql.Identifier(schema_name or current().schema_name),
    }
    with connection.cursor() as cursor:
        cursor.execute(sql.SQL(_SELECT).format(**names).as_string(None), [token])
        row = cursor.fetchone()
    return None if row is None else GenuineDocument(*row)
