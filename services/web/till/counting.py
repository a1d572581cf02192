"""The page of a blind count, the same for a cashier and for whoever counts a till left behind."""

from django.http import HttpResponse
from django.shortcuts import render

from services.cashier.models import TillSession
from services.web.access import StaffRequest
from services.web.till.forms import CountForm


def sum_only(request: StaffRequest) -> bool:
    """Say whether the sum of the pieces is asked for and nothing is to be written."""
    return request.POST.get("step") == "sum"


def show_count(
    request: StaffRequest, till: TillSession, form: CountForm, *, is_own: bool = True
) -> HttpResponse:
    """Show the count so far: pieces and their sum, and nothing of what is expected."""
    is_sent = form.is_bound
    form.is_valid()
    context = {
        "till": till,
        "form": form,
        "drawer": form.drawer if is_sent else None,
        "is_own": is_own,
        "office": request.desk,
        "here": "till" if is_own else "tills",
    }
    if request.headers.get("HX-Request") and sum_only(request):
        return render(request, "till/_sum.html", context)
    status = 422 if is_sent and form.errors else 200
    return render(request, "till/count.html", context, status=status)
