"""X- and Z-reports and deposit slips, in Khmer and English, on A5, A4 or an 80 mm roll."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.http import HttpResponse
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from owso import formats
from services.cashier.models import Deposit, TillSession, TillState
from services.cashier.queries import receipt_number
from services.cashier.tills import TillFigures, deposit_label, figures_of, z_label
from services.offices.queries import office
from services.web.access import StaffRequest
from services.web.slips import printing
from services.web.slips.texts import practice_text
from tenants import clock
from tenants.context import current_province

FOLDER = Path(__file__).parent
PAPERS = ("a5", "a4", "80mm")


@dataclass(frozen=True, slots=True)
class Line:
    """One line of money in both currencies; `is_sum` stands out."""

    name: str
    riel: str
    dollars: str
    is_sum: bool = False


@dataclass(frozen=True, slots=True)
class Report:
    """One report in one language: what it is, its facts, its money, and who signs."""

    title: str
    office: str
    facts: tuple[tuple[str, str], ...]
    money: tuple[Line, ...]
    others: tuple[tuple[str, str], ...]
    signers: tuple[str, ...]


def report_of(till: TillSession) -> Report:
    """The report of a till in the language of the moment: Z when it is closed, X before."""
    figures = figures_of(till)
    is_closed = till.state == TillState.CLOSED
    title = _("Z-report: till closed") if is_closed else _("X-report: till not closed yet")
    return Report(
        title=title,
        office=office_name(till.office_id),
        facts=_facts(till),
        money=(*_drawer(figures), *(_counted(till) if till.counted_by_id else ())),
        others=_others(till, figures),
        signers=(_("Cashier"), _("Office chief")),
    )


def report_response(request: StaffRequest, till: TillSession) -> HttpResponse:
    """The report of a till as a PDF."""
    name = f"till-{till.pk}.pdf"
    return _pdf(request, name, lambda: report_of(till))


def deposit_response(request: StaffRequest, deposit: Deposit) -> HttpResponse:
    """A deposit slip as a PDF."""
    return _pdf(request, f"deposit-{deposit.pk}.pdf", lambda: deposit_report(deposit))


def deposit_report(deposit: Deposit) -> Report:
    """A deposit slip in the language of the moment."""
    place = office(deposit.office_id)
    tills = deposit.tills.select_related("cashier").order_by("z_number")
    money = [
        Line(
            f"{z_label(place.code, till.z_number or 0)} · {till.cashier.full_name_km}",
            formats.riel(till.takings[0]),
            formats.dollars(till.takings[1]),
        )
        for till in tills
    ]
    total = Line(
        _("To be deposited"),
        formats.riel(deposit.amount_riel),
        formats.dollars(deposit.amount_cents),
        is_sum=True,
    )
    others = [(_("State"), str(deposit.get_state_display()))]
    if deposit.reference:
        others.append((_("Reference of the bank or treasury"), deposit.reference))
    if deposit.decided_by:
        others.append((_("Confirmed by"), deposit.decided_by.full_name_km))
    return Report(
        title=_("Deposit slip to the treasury"),
        office=office_name(deposit.office_id),
        facts=(
            (_("Number"), deposit_label(place.code, deposit.number)),
            (_("Bank or treasury"), deposit.bank),
            (_("Made by"), deposit.made_by.full_name_km),
            (_("Made at"), formats.local_datetime(deposit.made_at, "year")),
        ),
        money=(*money, total),
        others=tuple(others),
        signers=(_("Brought by"), _("Received by")),
    )


def _facts(till: TillSession) -> tuple[tuple[str, str], ...]:
    place = office(till.office_id)
    facts = []
    if till.z_number:
        facts.append((_("Number"), z_label(place.code, till.z_number)))
    facts += [
        (_("Counter"), str(till.counter.number)),
        (_("Cashier"), till.cashier.full_name_km or till.cashier.username),
        (_("Opened at"), formats.local_datetime(till.opened_at, "year")),
    ]
    if till.closed_at:
        facts.append((_("Closed at"), formats.local_datetime(till.closed_at, "year")))
    else:
        facts.append((_("As of"), formats.local_datetime(clock.now(), "year")))
    return tuple(facts)


def _drawer(figures: TillFigures) -> tuple[Line, ...]:
    return (
        _line(_("Opening float"), figures.float_riel, figures.float_cents),
        _line(_("Cash received"), figures.cash_in_riel, figures.cash_in_cents),
        _line(_("Change given"), -figures.change_riel, -figures.change_cents),
        _line(_("Payments given back"), -figures.reversed_riel, 0),
        _line(_("Expected in the drawer"), figures.expected_riel, figures.expected_cents, True),
    )


def _counted(till: TillSession) -> tuple[Line, ...]:
    riel, cents = till.difference
    return (
        _line(_("Counted"), till.counted_riel or 0, till.counted_cents or 0, True),
        _line(_("Difference"), riel, cents, bool(riel or cents)),
    )


def _others(till: TillSession, figures: TillFigures) -> tuple[tuple[str, str], ...]:
    code = office(till.office_id).code
    lines = [
        (_("Fees taken, all ways"), formats.riel(figures.credited_riel)),
        (_("By KHQR"), f"{formats.riel(figures.khqr_riel)} · {_times(figures.khqr_count)}"),
    ]
    if figures.khqr_cents:
        lines.append((_("Of it in dollars"), formats.dollars(figures.khqr_cents)))
    for each in figures.receipts:
        first = receipt_number(code, each.year, each.first)
        last = receipt_number(code, each.year, each.last)
        lines.append((_("Receipts"), f"{first} – {last} ({each.count})"))
    if figures.reversed_count:
        lines.append((_("Payments given back"), _times(figures.reversed_count)))
    if till.reason:
        lines.append((_("Reason for the difference"), till.reason))
    if till.approved_by:
        lines.append((_("Approved by"), till.approved_by.full_name_km))
    return tuple(lines)


def _times(count: int) -> str:
    return ngettext("%(count)s time", "%(count)s times", count) % {"count": count}


def _line(name: str, riel: int, cents: int, is_sum: bool = False) -> Line:
    return Line(name, formats.riel(riel), formats.dollars(cents), is_sum)


def office_name(office_id: int) -> str:
    """The province and the office in the language of the moment."""
    return f"{formats.name_of(current_province())} · {formats.name_of(office(office_id))}"


def _pdf(request: StaffRequest, name: str, make: Callable[[], Report]) -> HttpResponse:
    paper = request.GET.get("paper", "")
    pages = [_plain("km", make), _plain("en", make)]
    made = pdf_of(pages, paper=paper if paper in PAPERS else PAPERS[0], practice=practice_text())
    response = HttpResponse(made, content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="{name}"'
    return response


def pdf_of(pages: Sequence[Mapping[str, Any]], *, paper: str, practice: str = "") -> bytes:
    """Set a report, Khmer then English line by line, on a paper of `PAPERS`."""
    return printing.typeset(FOLDER / "report.typ", _inputs(pages, paper, practice), "pdf")


def png_of(pages: Sequence[Mapping[str, Any]], *, paper: str, ppi: float) -> bytes:
    """The same as a picture, as a printer of that fineness sets it."""
    return printing.typeset(FOLDER / "report.typ", _inputs(pages, paper, ""), "png", ppi=ppi)


def _inputs(pages: Sequence[Mapping[str, Any]], paper: str, practice: str) -> dict[str, str]:
    return {
        "pages": json.dumps(pages, ensure_ascii=False),
        "paper": paper,
        "practice": practice,
    }


def _plain(language: str, make: Callable[[], Report]) -> dict[str, Any]:
    """The report as plain data, Khmer digits in Khmer."""
    with translation.override(language):
        report = make()
    digits = formats.khmer_digits if language == "km" else str
    return {
        "title": report.title,
        "office": report.office,
        "facts": [[name, digits(text)] for name, text in report.facts],
        "money": [
            [each.name, digits(each.riel), digits(each.dollars), each.is_sum]
            for each in report.money
        ],
        "others": [[name, digits(text)] for name, text in report.others],
        "signers": list(report.signers),
    }
