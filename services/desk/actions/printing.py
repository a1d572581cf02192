"""Printing the papers of a request, each print on record and every second one a copy."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID, uuid4

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext_lazy as _

from owso.accounts.permissions import Verb
from owso.audit.actions import record
from owso.errors import InvalidTransition
from services.cashier.models import Receipt
from services.cashier.queries import receipts_of
from services.desk.models import Paper, Printing, Sheet
from services.offices.actors import Actor
from services.requests.models import ServiceRequest
from services.requests.states import State
from tenants import clock

SLIPS = frozenset({Sheet.APPLICATION, Sheet.PAYMENT})
HAS_OUTCOME = frozenset({State.READY, State.DELIVERED})
Wanted = tuple[Sheet, Receipt | None]


def print_sheets(
    request_id: int,
    *,
    by: Actor,
    sheets: Iterable[Sheet] = SLIPS,
    paper: Paper = Paper.A5,
    now: datetime | None = None,
) -> UUID:
    """Put a print on record and return its job; what was printed before is a copy now.

    Slips are the application receipt and each payment that stands. Raises NotAllowed, and
    InvalidTransition for the cover of an outcome that is not ready.
    """
    moment, job = now or clock.now(), uuid4()
    with transaction.atomic():
        found = ServiceRequest.objects.select_for_update(of=("self",)).get(pk=request_id)
        by.require(Verb.PRINT_SLIP, office_id=found.office_id)
        wanted = _wanted(found, frozenset(sheets))
        before = _numbers(found)
        rows = [
            Printing(
                job=job,
                request=found,
                sheet=sheet,
                receipt=receipt,
                number=before.get((str(sheet), receipt.pk if receipt else None), 0) + 1,
                paper=paper,
                printed_at=moment,
                printed_by_id=by.user_id,
            )
            for sheet, receipt in wanted
        ]
        Printing.objects.bulk_create(rows)
        record("print", found, by=by, sheets=[[row.sheet, row.number] for row in rows], paper=paper)
    return job


def _wanted(found: ServiceRequest, sheets: frozenset[Sheet]) -> list[Wanted]:
    wanted: list[Wanted] = []
    if Sheet.APPLICATION in sheets:
        wanted.append((Sheet.APPLICATION, None))
    if Sheet.PAYMENT in sheets:
        standing = (row for row in receipts_of(found.pk) if not hasattr(row.payment, "reversal"))
        wanted += [(Sheet.PAYMENT, receipt) for receipt in standing]
    if Sheet.COVER in sheets:
        if found.state not in HAS_OUTCOME:
            raise InvalidTransition(
                "outcome_not_ready",
                _("The outcome is not ready yet. The cover is printed when it is signed."),
            )
        wanted.append((Sheet.COVER, None))
    if not wanted:
        raise InvalidTransition(
            "nothing_to_print", _("There is no receipt to print: the fee has not been paid.")
        )
    return wanted


def _numbers(found: ServiceRequest) -> dict[tuple[str, int | None], int]:
    """Return the number of the last print of each sheet; the lock on the request holds them."""
    rows = Printing.objects.filter(request=found).values_list("sheet", "receipt_id")
    return {(sheet, receipt_id): last for sheet, receipt_id, last in rows.annotate(Max("number"))}
