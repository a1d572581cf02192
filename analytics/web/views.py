"""The national page: figures of all provinces, refreshed every few seconds."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import get_conditional_response, patch_vary_headers
from django.utils.http import quote_etag
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from analytics.periods import CUSTOM, TODAY, asked_period, period_of
from analytics.queries import freshness, national
from analytics.web.access import national_viewer
from analytics.web.page import chosen, parts_of_page, period_links
from owso.errors import Invalid
from tenants import clock


@national_viewer
@require_safe
def national_page(request: HttpRequest) -> HttpResponse:
    """Show the nation's figures; answer "not modified" while nothing has changed."""
    today = clock.today()
    problem = None
    try:
        period = asked_period(request.GET, today=today)
    except Invalid as error:
        period, problem = period_of(TODAY, today=today), error.message
    report = freshness()
    is_part = request.headers.get("HX-Request") == "true"
    etag = quote_etag(
        report.fingerprint(is_part, request.GET.urlencode(), today, get_language(), request.user.pk)
    )
    unchanged = None if problem else get_conditional_response(request, etag=etag)
    if unchanged is not None:
        return _revalidated(unchanged, etag)
    choice = chosen(request.GET, period)
    context = parts_of_page(national(period, today=today, report=report), choice)
    if not is_part:
        context |= {
            "periods": period_links(choice),
            "problem": problem,
            "is_custom": problem is not None or period.code == CUSTOM,
        }
    template = "analytics/_figures.html" if is_part else "analytics/national.html"
    return _revalidated(render(request, template, context, status=422 if problem else 200), etag)


def _revalidated(response: HttpResponse, etag: str) -> HttpResponse:
    """Let the browser keep its copy, and ask each time whether it still holds."""
    response["ETag"] = etag
    response["Cache-Control"] = "private, no-cache"
    patch_vary_headers(response, ["HX-Request", "Cookie"])
    return response
