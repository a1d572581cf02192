"""The line that says when a request will likely be ready, from what really happened."""

from functools import lru_cache

from owso.formats import local_day
from owso.phrases import phrases
from services.forecast.queries import Forecast, Place, forecast
from services.requests.states import CLOCK_RUNS
from services.web.portal.page import Case
from tenants.context import province_by_code


def likely_text(case: Case) -> str:
    """Tell the estimate; empty where there is none, and when the page waits for the citizen."""
    found = _forecast(case)
    return "" if found is None else _told(found, case.language)


@lru_cache(maxsize=4096)
def _told(found: Forecast, language: str) -> str:
    """Put three days into words; many requests share them."""
    _ = phrases(language)
    words = {
        "from": local_day(found.likely_from, "", language),
        "by": local_day(found.likely_by, "", language),
        "sure": local_day(found.sure_by, "", language),
    }
    if found.likely_from == found.likely_by:
        texts = [_("Likely ready on %(by)s.") % words]
    else:
        texts = [_("Likely ready between %(from)s and %(by)s.") % words]
    if found.sure_by > found.likely_by:
        texts.append(_("Almost surely by %(sure)s.") % words)
    texts.append(_("An estimate from earlier requests, not a promise."))
    return " ".join(texts)


def _forecast(case: Case) -> Forecast | None:
    seen, visit = case.seen, case.seen.current_visit
    province = province_by_code(seen.tracking_code[:2])
    if seen.state not in CLOCK_RUNS or case.owes_fee or visit is None or province is None:
        return None
    assert seen.due_at is not None
    place = Place(
        province.pk, seen.office_id, case.terms.service_id, visit.stage_code, case.language
    )
    return forecast(
        place,
        case.calendar,
        entered_at=visit.entered_at,
        due_at=seen.due_at,
        now=case.now,
    )
