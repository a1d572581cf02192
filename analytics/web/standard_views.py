"""The public standard: what the offices achieved in a month, as pages and as open data."""

from __future__ import annotations

import csv
import hashlib
import io
import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.urls import reverse
from django.utils.cache import get_conditional_response, patch_vary_headers
from django.utils.http import quote_etag
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from analytics.standards import Standard, StandardRow, published_months, standard
from analytics.suppression import FEWEST
from owso.accounts.access import public
from owso.errors import NotFound
from owso.formats import duration, language, local_datetime, month_text, name_of, riel
from services.short_cache import ShortCache

FRESH_SECONDS = 60.0
LICENCE = "https://creativecommons.org/licenses/by/4.0/"
COLUMNS = {
    "month": "The calendar month, in Cambodian time.",
    "kind": "nation, province, office or service (of the whole country).",
    "province": "Gazetteer code of the province.",
    "code": "Gazetteer code of the province or office, or code of the service.",
    "name_km": "Name in Khmer.",
    "name_en": "Name in English.",
    "hidden": "true: the figures are left out, so that small numbers cannot be found.",
    "received": "Requests registered in the month, all papers accepted.",
    "completed": "Requests whose result became ready in the month.",
    "on_time": "Of these, ready within the legal limit.",
    "on_time_share": "on_time / completed, 0 to 1.",
    "median_minutes": "Half were ready within so many elapsed minutes from registration.",
    "p90_minutes": "Nine in ten were ready within so many elapsed minutes from registration.",
    "payments": "Payments taken in the month.",
    "income_riel": "Whole riel taken in the month, less what was given back.",
}
_months: ShortCache[str, list[date]] = ShortCache(FRESH_SECONDS)
_standards: ShortCache[date, Standard | None] = ShortCache(FRESH_SECONDS)


@dataclass(frozen=True, slots=True)
class Line:
    """One row of a table in words; without texts when it is hidden."""

    name: str
    href: str
    texts: tuple[str, ...]


@public
@require_safe
def latest(request: HttpRequest) -> HttpResponse:
    """Lead to the latest month, or say that there is none yet."""
    months = _published()
    if not months:
        return HttpResponse(render_to_string("analytics/no_standard.html"))
    return HttpResponseRedirect(_address(months[0]))


@public
@require_safe
def page(request: HttpRequest, month: str) -> HttpResponse:
    """Show the country, its provinces and its services."""
    found = _found(month)
    context: dict[str, object] = {
        "provinces": _lines(found.provinces, found),
        "services": _lines(found.services),
    }
    return _answer(request, found, found.nation, context)


@public
@require_safe
def province(request: HttpRequest, month: str, code: str) -> HttpResponse:
    """Show one province and its offices."""
    found = _found(month)
    row = next((each for each in found.provinces if each.code == code), None)
    if row is None:
        raise NotFound
    context: dict[str, object] = {
        "offices": _lines(found.offices_of(code)),
        "is_province": True,
    }
    return _answer(request, found, row, context)


@public
@require_safe
def data(request: HttpRequest, month: str, form: str) -> HttpResponse:
    """Give every row of a month as CSV or JSON, under CC BY 4.0."""
    found = _found(month)
    unchanged = get_conditional_response(request, etag=_tag(found, form))
    if unchanged is not None:
        return unchanged
    rows = [_cells(row, found.month) for row in found.rows()]
    content = _csv(rows) if form == "csv" else _json(rows, found)
    kind = "text/csv" if form == "csv" else "application/json"
    response = HttpResponse(content, content_type=f"{kind}; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="owso-standard-{month}.{form}"'
    response["Link"] = f'<{LICENCE}>; rel="license"'
    response["Access-Control-Allow-Origin"] = "*"
    return _kept(response, _tag(found, form))


def forget_standards() -> None:
    """Read everything anew at the next question."""
    _months.clear()
    _standards.clear()


def _published() -> list[date]:
    return _months.get("all", published_months)


def _found(month: str) -> Standard:
    try:
        day = date.fromisoformat(f"{month}-01")
    except ValueError:
        raise NotFound from None
    found = _standards.get(day, lambda: standard(day)) if day in _published() else None
    if found is None:
        raise NotFound(
            "month_unpublished",
            _("Nothing is published of this month. Only months that are over are published."),
        )
    return found


def _answer(
    request: HttpRequest, found: Standard, row: StandardRow, context: dict[str, object]
) -> HttpResponse:
    tag = _tag(found, row.code, language(), static("analytics/standards.css"))
    unchanged = get_conditional_response(request, etag=tag)
    if unchanged is not None:
        return unchanged
    context |= {
        "name": name_of(row),
        "month": month_text(found.month),
        "as_of": local_datetime(found.as_of or found.computed_at, "year"),
        "tiles": _tiles(row),
        "heads": [label for label, _definition in _measures()],
        "definitions": _measures(),
        "fewest": FEWEST,
        "licence": LICENCE,
        "country": _address(found.month),
        "csv": f"{_address(found.month)}.csv",
        "json": f"{_address(found.month)}.json",
        "columns": COLUMNS.items(),
        "months": [
            (month_text(month), _address(month), month == found.month) for month in _published()
        ],
    }
    return _kept(HttpResponse(render_to_string("analytics/standard.html", context)), tag)


def _kept(response: HttpResponse, tag: str) -> HttpResponse:
    """Let everybody keep a copy for some minutes, and ask then whether it still holds."""
    response["ETag"] = tag
    response["Cache-Control"] = "public, max-age=300"
    patch_vary_headers(response, ["Cookie"])
    return response


def _tag(found: Standard, *what: str) -> str:
    text = repr((found.month, found.computed_at, what))
    return quote_etag(hashlib.sha256(text.encode()).hexdigest()[:32])


def _address(month: date) -> str:
    return reverse("standard", kwargs={"month": f"{month:%Y-%m}"})


def _measures() -> list[tuple[str, str]]:
    return [
        (_("Requests"), _("Registered in the month with all papers.")),
        (
            _("On time"),
            _("Of the requests whose result became ready in the month: ready within the limit."),
        ),
        (
            _("Half within"),
            _("Half of the results were ready within this time from the registration; nights,"
              " holidays and waiting for the applicant are counted in it."),
        ),
        (_("Nine in ten within"), _("Nine of ten results were ready within this time.")),
        (_("Income"), _("Fees taken in the month, less what was given back.")),
    ]  # fmt: skip


def _texts(row: StandardRow) -> tuple[str, ...]:
    figure = row.figure
    if figure is None:
        return ()
    share = figure.on_time_share
    times = (figure.median_minutes, figure.p90_minutes)
    return (
        f"{figure.received:,}",
        "–" if share is None else f"{share * 100:.1f} %",
        *("–" if minutes is None else duration(minutes) for minutes in times),
        riel(figure.income_riel),
    )


def _tiles(row: StandardRow) -> list[tuple[str, str]]:
    labels = [label for label, _definition in _measures()]
    return list(zip(labels, _texts(row), strict=False))


def _lines(rows: Iterable[StandardRow], of_country: Standard | None = None) -> list[Line]:
    return [
        Line(
            name_of(row),
            f"{_address(of_country.month)}/{row.code}" if of_country else "",
            _texts(row),
        )
        for row in rows
    ]


def _cells(row: StandardRow, month: date) -> dict[str, object]:
    figure = row.figure
    cells: dict[str, object] = {
        "month": f"{month:%Y-%m}",
        "kind": row.kind,
        "province": row.province_code,
        "code": row.code,
        "name_km": row.name_km,
        "name_en": row.name_en,
        "hidden": figure is None,
    }
    for name in COLUMNS:
        if name not in cells:
            cells[name] = None if figure is None else getattr(figure, name)
    share = cells["on_time_share"]
    cells["on_time_share"] = round(share, 4) if isinstance(share, float) else None
    return cells


def _csv(rows: list[dict[str, object]]) -> str:
    text = io.StringIO()
    writer = csv.DictWriter(text, list(COLUMNS), lineterminator="\r\n")
    writer.writeheader()
    writer.writerows({**row, "hidden": str(row["hidden"]).lower()} for row in rows)
    return f"\ufeff{text.getvalue()}"  # spreadsheets take Khmer for Latin without the mark


def _json(rows: list[dict[str, object]], found: Standard) -> str:
    told = {
        "licence": {"name": "CC BY 4.0", "url": LICENCE},
        "as_of": found.as_of and found.as_of.isoformat(),
        "hidden_below": FEWEST,
        "columns": COLUMNS,
        "rows": rows,
    }
    return json.dumps(told, ensure_ascii=False, separators=(",", ":"))
