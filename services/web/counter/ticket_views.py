"""Numbers of the waiting room: give one, call the next."""

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from owso.accounts.permissions import Verb
from owso.errors import NotFound
from services.desk.actions import call_next, issue_ticket
from services.desk.models import Paper, Ticket
from services.desk.queries import waiting_at
from services.web.access import StaffRequest, needs
from services.web.counter.papers import pdf_response, picture_response
from services.web.flash import say
from services.web.slips.printing import ticket_pdf, ticket_picture
from services.web.slips.tickets import TicketText, ticket_text
from tenants import clock


@needs(Verb.REGISTER)
@require_POST
def give(request: StaffRequest) -> HttpResponse:
    """Give the next number; answers a page with its picture to print, or the way to the PDF."""
    ticket = issue_ticket(by=request.actor, office_id=request.desk.id)
    if request.headers.get("HX-Request"):
        return render(request, "counter/_ticket.html", {"number": ticket.number})
    return redirect("ticket", number=ticket.number)


@needs(Verb.REGISTER)
@require_POST
def call(request: StaffRequest) -> HttpResponse:
    """Call the next number and go on with the form."""
    try:
        ticket = call_next(by=request.actor, office_id=request.desk.id)
        say(request, _("Number %(number)s is called.") % {"number": ticket.number})
    except NotFound as error:
        say(request, str(error.message))
    return redirect("home")


@needs(Verb.REGISTER)
@require_safe
def ticket(request: StaffRequest, number: int) -> HttpResponse:
    """Give today's ticket of that number as a PDF."""
    return pdf_response(ticket_pdf(_words(request, number)), f"ticket-{number}")


@needs(Verb.REGISTER)
@require_safe
def ticket_image(request: StaffRequest, number: int) -> HttpResponse:
    """Give today's ticket of that number as a picture."""
    return picture_response(request, ticket_picture(_words(request, number)))


def _words(request: StaffRequest, number: int) -> TicketText:
    today = clock.today()
    found = Ticket.objects.filter(office_id=request.desk.id, day=today, number=number).first()
    if found is None:
        raise NotFound
    waiting = waiting_at(request.desk.id, today).waiting
    paper = request.GET.get("paper", "")
    return ticket_text(
        found,
        office=request.desk,
        waiting=waiting,
        paper=paper if paper in Paper.values else Paper.THERMAL,
    )
