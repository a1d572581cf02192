"""The offices a person runs: their list, and one office with everything that can be changed."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from owso.accounts.permissions import Verb
from owso.errors import Conflict, DomainError, Invalid
from owso.middleware import status_of
from services.calendars.models import OfficeHours
from services.offices.actions import add_counter, edit_office, remove_counter
from services.offices.calendars import calendar_of
from services.offices.models import Closure, Counter, OwnPeriod
from services.offices.queries import OfficeTerms, all_offices
from services.web.access import StaffRequest, needs
from services.web.counter.fields import add_domain_errors
from services.web.flash import said, say
from services.web.office.asked import office_asked
from services.web.office.forms import OWN, ClosureForm, DetailsForm, HoursForm, week_of
from services.web.opening import hours_text
from tenants import clock


@needs(Verb.RUN_OFFICE)
@require_safe
def offices_page(request: StaffRequest) -> HttpResponse:
    """List the offices this person runs."""
    mine = [each for each in all_offices() if request.actor.may(Verb.RUN_OFFICE, office_id=each.id)]
    if len(mine) == 1:
        return redirect("office", code=mine[0].code)
    context = {
        "lines": [(each, hours_text(calendar_of(each.id))) for each in mine],
        "office": request.desk,
        "here": "offices",
    }
    return render(request, "office/offices.html", context)


@needs(Verb.RUN_OFFICE)
@require_safe
def office_page(request: StaffRequest, code: str) -> HttpResponse:
    """Show one office with its details, counters, hours and closed days."""
    return show_office(request, office_asked(request, code))


@needs(Verb.MANAGE_OFFICES)
@require_POST
def details(request: StaffRequest, code: str) -> HttpResponse:
    """Change what people read of an office."""
    found = office_asked(request, code)
    form = DetailsForm(request.POST)
    if form.is_valid():
        try:
            edit_office(found.id, form.details(), by=request.actor)
            return done(request, code, _("The office was changed."))
        except Invalid as error:
            add_domain_errors(form, error, {})
        except Conflict as error:
            return show_office(request, found, details=form, trouble=error)
    return show_office(request, found, details=form)


@needs(Verb.RUN_OFFICE)
@require_POST
def counters(request: StaffRequest, code: str) -> HttpResponse:
    """Open one more counter, or close one."""
    found = office_asked(request, code)
    number = request.POST.get("remove", "")
    try:
        if number.isascii() and number.isdigit() and len(number) < 5:
            remove_counter(found.id, int(number), by=request.actor)
            return done(request, code, _("Counter %(number)s is closed.") % {"number": number})
        made = add_counter(found.id, by=request.actor)
    except (Conflict, Invalid) as error:
        return show_office(request, found, trouble=error)
    return done(request, code, _("Counter %(number)s is open.") % {"number": made.number})


def done(request: StaffRequest, code: str, text: str) -> HttpResponse:
    """Back to the office, which says what happened."""
    say(request, text)
    return redirect("office", code=code)


def show_office(
    request: StaffRequest,
    found: OfficeTerms,
    *,
    trouble: DomainError | None = None,
    **bound: Any,
) -> HttpResponse:
    """Show an office; `bound` holds the form that was refused, by its name."""
    wrong = next((form for form in bound.values() if form.errors), None)
    context = {
        "place": found,
        "details": bound.get("details") or DetailsForm(initial=_details_of(found)),
        "hours": bound.get("hours") or hours_form(found),
        "closing": bound.get("closing") or ClosureForm(),
        "opens": hours_text(calendar_of(found.id)),
        "counters": Counter.objects.filter(office_id=found.id).order_by("number"),
        "closures": Closure.objects.filter(office_id=found.id, day__gte=clock.today()),
        "may_manage": request.actor.may(Verb.MANAGE_OFFICES, office_id=found.id),
        "wrong": wrong,
        "trouble": trouble,
        "said": said(request),
        "office": request.desk,
        "here": "offices",
    }
    status = status_of(trouble) if trouble else 422 if wrong else 200
    return render(request, "office/office.html", context, status=status)


def hours_form(found: OfficeTerms, data: Any = None) -> HoursForm:
    """The form of an office's week as it is, or as it was sent."""
    own: dict[int, Any] = {}
    for row in OwnPeriod.objects.filter(office_id=found.id).order_by("weekday", "opens_at"):
        own[row.weekday] = (*own.get(row.weekday, ()), (row.opens_at, row.closes_at))
    choices = [(str(each.pk), each.name) for each in OfficeHours.objects.order_by("code")]
    chosen = OWN if own else str(found.office_hours_id)
    week = own or calendar_of(found.id).periods
    return HoursForm(data, choices=choices, initial={"hours": chosen, **week_of(week)})


def _details_of(found: OfficeTerms) -> dict[str, Any]:
    return {name: getattr(found, name) for name in DetailsForm.base_fields}
