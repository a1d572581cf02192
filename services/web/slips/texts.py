"""What the slips say, in Khmer and in English; of the person only name and masked phone."""

from collections.abc import Callable
from dataclasses import asdict, dataclass

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from owso import formats
from services.cashier.models import Receipt
from services.cashier.queries import balance_of, receipt_number, receipts_of
from services.catalogue.queries import terms as terms_of
from services.catalogue.terms import VersionTerms
from services.offices.queries import office
from services.requests.codes import format_code
from services.requests.models import ServiceRequest
from services.web.marks import mark_text
from services.web.private import applicant_name, masked_phone
from tenants.context import current_province

Lines = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Page:
    """One slip in one language."""

    title: str
    office: str
    lines: Lines
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Slip:
    """All that is printed: each page in Khmer and in English, the code and its address."""

    code: str
    url: str
    is_practice: str
    pages: tuple[tuple[Page, Page], ...]

    def as_data(self) -> dict[str, object]:
        """The slip as plain data for the printer."""
        return asdict(self)


def slip_of(request: ServiceRequest) -> Slip:
    """Put the slips of a request together: the application, and each payment that stands."""
    receipts = [each for each in receipts_of(request.pk) if not hasattr(each.payment, "reversal")]
    makers: list[Callable[[], Page]] = [lambda: _application(request)]
    makers += [lambda receipt=receipt: _payment(request, receipt) for receipt in receipts]  # type: ignore[misc]
    code = format_code(request.tracking_code)
    practice = ""
    if current_province().is_practice:
        with translation.override("km"):
            practice = _("Practice: nothing here is real")
    return Slip(
        code=code,
        url=f"{settings.PUBLIC_URL}/t/{code}",
        is_practice=practice,
        pages=tuple((_in("km", make), _in("en", make)) for make in makers),
    )


def _in(language: str, make: Callable[[], Page]) -> Page:
    with translation.override(language):
        page = make()
    if language == "en":
        return page
    lines = tuple((name, formats.khmer_digits(text)) for name, text in page.lines)
    notes = tuple(map(formats.khmer_digits, page.notes))
    return Page(page.title, page.office, lines, notes)


def _application(request: ServiceRequest) -> Page:
    terms = terms_of(request.service_version_id)
    lines = [
        (_("Service"), terms.name),
        (_("Applicant"), applicant_name(request)),
        (_("Phone"), masked_phone(request)),
        (_("Received"), formats.local_datetime(request.received_at, "year")),
        *_days(request, terms),
        *_fee(request, terms),
    ]
    papers = request.papers.values_list("document_id", "is_handed_in")
    missing = {document_id for document_id, is_here in papers if not is_here}
    notes = [
        _("Please bring: %(paper)s") % {"paper": document.name}
        for document in terms.documents
        if document.id in missing
    ]
    notes.append(_("Follow your request with the code or the picture. Bring this slip to collect."))
    return Page(_("Application receipt"), _office(request.office_id), _filled(lines), tuple(notes))


def _days(request: ServiceRequest, terms: VersionTerms) -> list[tuple[str, str]]:
    if request.due_at is None or request.promised_at is None:
        return [(_("State"), _("Papers are missing; the clock has not started"))]
    limit = formats.local_day(request.due_at, "year")
    return [
        (_("Ready by"), formats.local_day(request.promised_at, "year")),
        (_("Legal limit"), _marked(limit, mark_text(terms, "limit"))),
    ]


def _fee(request: ServiceRequest, terms: VersionTerms) -> list[tuple[str, str]]:
    balance = balance_of(request.pk)
    if balance is None:
        return []
    amount = balance.charge.amount_riel
    fee = formats.riel(amount) if amount else _("Free")
    lines = [(_("Quantity"), str(request.quantity))] if request.quantity > 1 else []
    lines.append((_("Fee"), _marked(fee, mark_text(terms, "fee"))))
    if balance.due_riel > 0:
        lines.append((_("Still to pay"), formats.riel(balance.due_riel)))
    return lines


def _payment(request: ServiceRequest, receipt: Receipt) -> Page:
    payment, terms = receipt.payment, terms_of(request.service_version_id)
    place = office(receipt.office_id)
    number = receipt_number(place.code, receipt.year, receipt.number)
    lines = [
        (_("Receipt number"), number),
        (_("Service"), terms.name),
        (_("Applicant"), applicant_name(request)),
        (_("Amount"), _marked(formats.riel(payment.amount_riel), mark_text(terms, "fee"))),
        (_("Payment"), payment.get_method_display()),
    ]
    if payment.tendered_cents and payment.rate:
        rate = formats.riel(payment.rate.riel_per_dollar)
        dollars = formats.dollars(payment.tendered_cents)
        lines.append((_("Received in dollars"), f"{dollars} × {rate}"))
    lines.append((_("Paid"), formats.local_datetime(payment.paid_at, "year")))
    notes = (_("Every fee has a receipt. Application forms are free of charge."),)
    return Page(_("Payment receipt"), _office(receipt.office_id), _filled(lines), notes)


def _office(office_id: int) -> str:
    return f"{formats.name_of(current_province())} · {formats.name_of(office(office_id))}"


def _marked(text: str, mark: str) -> str:
    return f"{text} ({mark})" if mark else text


def _filled(lines: list[tuple[str, str]]) -> Lines:
    return tuple((name, text) for name, text in lines if text)
