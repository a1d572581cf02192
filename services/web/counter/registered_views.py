"""After a registration: what to give back, the slips at one key, the next citizen at another."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from owso.accounts.permissions import Verb
from services.cashier.queries import balance_of, receipt_number, receipts_of
from services.catalogue.queries import terms as terms_of
from services.desk.models import Paper
from services.requests.codes import format_code
from services.requests.states import State
from services.web.access import StaffRequest, needs
from services.web.counter.files import seen_request
from services.web.counter.papers import paper_of
from services.web.flash import said
from services.web.private import applicant_name


@needs(Verb.REGISTER)
@require_safe
def registered(request: StaffRequest, code: str) -> HttpResponse:
    """Show the code, the change and the two keys that matter now: print, next."""
    found = seen_request(request, code)
    receipts = [
        receipt_number(each.office.code, each.year, each.number) for each in receipts_of(found.pk)
    ]
    context = {
        "office": request.desk,
        "found": found,
        "code": format_code(found.tracking_code),
        "terms": terms_of(found.service_version_id),
        "applicant": applicant_name(found),
        "balance": balance_of(found.pk),
        "receipts": receipts,
        "is_incomplete": found.state == State.INCOMPLETE,
        "papers": Paper.choices,
        "paper": paper_of(request),
        "said": said(request),
        "here": "register",
    }
    return render(request, "counter/registered.html", context)
