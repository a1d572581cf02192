"""The chief's morning: figures, signs worth a look, and the very list behind each."""

from dataclasses import dataclass

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from owso.accounts.permissions import Role, Verb
from services.cashier.models import Currency, Method
from services.cashier.standing import tills_due
from services.cashier.tills import tills_in_hand
from services.catalogue.queries import terms
from services.oversight.queries import (
    Money,
    StageLoad,
    chosen_offices,
    listed,
    morning,
    overseen,
)
from services.web.access import StaffRequest, needs
from services.web.counter.rows import rows_of
from services.web.office.asked import number_asked
from services.web.till.rows import lines_of
from tenants import clock

SHOWN = 12


@dataclass(frozen=True, slots=True)
class StageLine:
    """Files in one stage, as a line of the table."""

    code: str
    name: str
    role: str
    open: int
    late: int


@needs(Verb.OVERSEE)
@require_safe
def morning_page(request: StaffRequest) -> HttpResponse:
    """Show how the offices stand this morning; `office` narrows it to one."""
    now, chosen = clock.now(), number_asked(request, "office")
    found = morning(request.actor, office_id=chosen, now=now)
    office_ids = chosen_offices(request.actor, chosen)
    context = {
        "found": found,
        "money": [(_way(row), row) for row in found.money],
        "taken_riel": sum(row.riel for row in found.money),
        "tills": tills_due(office_ids, clock.local_day(now)),
        "till_lines": lines_of(tills_in_hand(office_ids)[:SHOWN]),
        "stages": [_stage_line(row) for row in found.stages if row.late],
        "longest": rows_of(found.longest, now=now),
        "offices": overseen(request.actor),
        "chosen": chosen,
        "now": now,
        "office": request.desk,
        "here": "morning",
    }
    return render(request, "office/morning.html", context)


@needs(Verb.OVERSEE)
@require_safe
def list_page(request: StaffRequest, name: str) -> HttpResponse:
    """Show the files behind a figure, the newest first."""
    now, chosen = clock.now(), number_asked(request, "office")
    stage, person = request.GET.get("stage", "")[:40].replace("\x00", ""), request.GET.get("person")
    found = listed(
        request.actor,
        name,
        office_id=chosen,
        stage=stage,
        person=number_asked(request, "person") or 0,
        after=number_asked(request, "after"),
        now=now,
    )
    kept = {"office": chosen or "", "stage": stage, "person": person or ""}
    context = {
        "look": found.look,
        "rows": rows_of(found.rows, now=now),
        "kept": [(key, value) for key, value in kept.items() if value],
        "following": found.following,
        "chosen": chosen,
        "office": request.desk,
        "here": "morning",
    }
    return render(request, "office/list.html", context)


def _way(row: Money) -> str:
    words = {
        (Method.CASH, Currency.KHR): Method.CASH.label,
        (Method.KHQR, Currency.KHR): Method.KHQR.label,
        (Method.KHQR, Currency.USD): _("KHQR by phone, US dollars"),
    }
    return str(words.get((Method(row.method), Currency(row.currency)), Currency.USD.label))


def _stage_line(row: StageLoad) -> StageLine:
    names = {stage.code: stage.name for stage in terms(row.version_id).stages}
    role = str(Role(row.actor_role).label) if row.actor_role in Role.values else ""
    return StageLine(row.code, names.get(row.code, row.code), role, row.open, row.late)
