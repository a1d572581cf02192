"""Opening hours and closed days of an office."""

from datetime import date

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from owso.accounts.permissions import Verb
from owso.errors import Conflict, Invalid, NotFound
from owso.formats import local_day
from services.offices.actions import choose_hours, close_offices, keep_own_hours, reopen_day
from services.offices.queries import OfficeTerms, all_offices
from services.web.access import StaffRequest, needs
from services.web.counter.fields import add_domain_errors
from services.web.office.asked import office_asked
from services.web.office.forms import OWN, ClosureForm, HoursForm
from services.web.office.office_views import done, hours_form, show_office


@needs(Verb.MANAGE_OFFICES)
@require_POST
def hours(request: StaffRequest, code: str) -> HttpResponse:
    """Choose hours of the national list, or keep hours of one's own."""
    found = office_asked(request, code)
    form = hours_form(found, request.POST)
    if form.is_valid():
        try:
            moved = _set_hours(request, found, form)
            return done(request, code, f"{_('The hours were changed.')} {moved_text(moved)}")
        except Invalid as error:
            add_domain_errors(form, error, {OWN: "hours"})
    return show_office(request, found, hours=form)


@needs(Verb.RUN_OFFICE)
@require_POST
def close(request: StaffRequest, code: str) -> HttpResponse:
    """Record closed days of this office, or of all, and move the open deadlines."""
    found = office_asked(request, code)
    form = ClosureForm(request.POST)
    if form.is_valid():
        try:
            moved = close_offices(
                _closing(request, found, form),
                form.days(),
                reason_km=form.cleaned_data["reason_km"],
                reason_en=form.cleaned_data["reason_en"],
                by=request.actor,
            )
            return done(request, code, f"{_('The closed days are recorded.')} {moved_text(moved)}")
        except Invalid as error:
            add_domain_errors(form, error, {})
        except Conflict as error:
            return show_office(request, found, closing=form, trouble=error)
    return show_office(request, found, closing=form)


@needs(Verb.RUN_OFFICE)
@require_POST
def reopen(request: StaffRequest, code: str) -> HttpResponse:
    """Take a closed day back."""
    found = office_asked(request, code)
    try:
        day = date.fromisoformat(request.POST.get("day", ""))
    except ValueError as error:
        raise NotFound from error
    try:
        moved = reopen_day(found.id, day, by=request.actor)
    except Conflict as error:
        return show_office(request, found, trouble=error)
    text = _("The office is open on %(day)s.") % {"day": local_day(day)}
    return done(request, code, f"{text} {moved_text(moved)}")


def moved_text(moved: int) -> str:
    """How many deadlines went with the change."""
    if not moved:
        return _("No open deadline moved.")
    text = ngettext(
        "%(count)s open deadline was moved.", "%(count)s open deadlines were moved.", moved
    )
    return text % {"count": moved}


def _set_hours(request: StaffRequest, found: OfficeTerms, form: HoursForm) -> int:
    chosen = form.cleaned_data["hours"]
    if chosen == OWN:
        return keep_own_hours(found.id, form.periods(), by=request.actor)
    return choose_hours(found.id, int(chosen), by=request.actor)


def _closing(request: StaffRequest, found: OfficeTerms, form: ClosureForm) -> list[int]:
    """This office, or every active one this person runs."""
    if not form.cleaned_data["is_everywhere"]:
        return [found.id]
    return [
        each.id
        for each in all_offices()
        if each.is_active and request.actor.may(Verb.RUN_OFFICE, office_id=each.id)
    ]
