"""What the slips say, in Khmer and in English; of the person only name and masked phone."""

from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass, replace
from datetime import datetime

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from owso import formats
from services.cashier.models import Receipt
from services.cashier.queries import Balance, balance_of, receipt_number
from services.catalogue.queries import terms as terms_of
from services.catalogue.terms import VersionTerms
from services.citizens.receipts import printed_proof
from services.desk.models import NoticeConsent, Paper, Printing, Recipient, Sheet
from services.offices.queries import office
from services.privacy.queries import corrected_at
from services.requests.codes import format_code
from services.requests.models import Representation, ServiceRequest
from services.web.marks import mark_text
from services.web.private import applicant_name, masked_phone
from tenants import sealing
from tenants.context import current_province

Lines = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Page:
    """One slip in one language."""

    title: str
    office: str
    lines: Lines
    notes: tuple[str, ...]
    mark: str = ""
    """Says that this is a copy; empty on the first print."""
    blanks: tuple[str, ...] = ()
    """What is left to be written by hand."""
    proof: str = ""
    """What proves a receipt genuine, printed under its picture."""
    url: str = ""
    """Where the picture leads if not to the page of the request."""


@dataclass(frozen=True, slots=True)
class Slip:
    """All that is printed: each page in Khmer and in English, the code and its address."""

    code: str
    url: str
    is_practice: str
    pages: tuple[tuple[Page, Page], ...]
    paper: str = Paper.A5

    def as_data(self) -> dict[str, object]:
        """The slip as plain data for the printer."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class _Facts:
    """What the application receipt needs besides the request, read once for both languages."""

    missing: frozenset[int]
    acting: Representation | None
    consent: NoticeConsent | None
    balance: Balance | None
    corrected: datetime | None


def _facts(request: ServiceRequest) -> _Facts:
    papers = request.papers.filter(is_handed_in=False).values_list("document_id", flat=True)
    return _Facts(
        missing=frozenset(papers),
        acting=Representation.objects.filter(request=request).first(),
        consent=NoticeConsent.objects.filter(request=request).first(),
        balance=balance_of(request.pk),
        # A correction counts as a change: the first slip of a request asks nothing.
        corrected=corrected_at(request) if request.version > 1 else None,
    )


def slip_of(request: ServiceRequest, printings: Iterable[Printing], *, now: datetime) -> Slip:
    """Put the sheets of one print together; what was printed before says that it is a copy."""
    rows = list(printings)
    code = format_code(request.tracking_code)
    return Slip(
        code=code,
        url=f"{settings.PUBLIC_URL}/t/{code}",
        is_practice=practice_text(),
        pages=tuple(_both(request, row, now=now) for row in rows),
        paper=rows[0].paper,
    )


def practice_text() -> str:
    """The warning on every paper of the practice province; empty elsewhere."""
    if not current_province().is_practice:
        return ""
    with translation.override("km"):
        return _("Practice: nothing here is real")


def _both(request: ServiceRequest, row: Printing, *, now: datetime) -> tuple[Page, Page]:
    page = _maker(request, row)

    def make() -> Page:
        return replace(page(), mark=_mark(row, now=now))

    return _in("km", make), _in("en", make)


def _maker(request: ServiceRequest, row: Printing) -> Callable[[], Page]:
    if row.sheet == Sheet.PAYMENT:
        receipt = row.receipt
        assert receipt is not None
        return lambda: _payment(request, receipt)
    if row.sheet == Sheet.COVER:
        return lambda: _cover(request)
    facts = _facts(request)
    return lambda: _application(request, facts)


def _mark(row: Printing, *, now: datetime) -> str:
    if not row.is_copy(now):
        return ""
    words = {"number": max(row.number - 1, 1), "when": formats.local_datetime(row.printed_at)}
    return _("Copy %(number)s, printed again on %(when)s") % words


def _in(language: str, make: Callable[[], Page]) -> Page:
    with translation.override(language):
        page = make()
    if language == "en":
        return page
    lines = tuple((name, formats.khmer_digits(text)) for name, text in page.lines)
    notes = tuple(map(formats.khmer_digits, page.notes))
    return replace(page, lines=lines, notes=notes, mark=formats.khmer_digits(page.mark))


def _application(request: ServiceRequest, facts: _Facts) -> Page:
    terms = terms_of(request.service_version_id)
    lines = [
        (_("Service"), terms.name),
        (_("Applicant"), applicant_name(request)),
        (_("Phone"), masked_phone(request)),
        *_presented_by(facts),
        (_("Received"), formats.local_datetime(request.received_at, "year")),
        *_days(request, terms),
        *_fee(request, terms, facts.balance),
    ]
    notes = [
        _("Please bring: %(paper)s") % {"paper": document.name}
        for document in terms.documents
        if document.id in facts.missing
    ]
    if facts.corrected is not None:
        when = {"when": formats.local_datetime(facts.corrected, "year")}
        notes.insert(0, _("Corrected on %(when)s; earlier slips no longer hold.") % when)
    notes.append(_("Follow your request with the code or the picture. Bring this slip to collect."))
    return Page(_("Application receipt"), _office(request.office_id), _filled(lines), tuple(notes))


def _presented_by(facts: _Facts) -> list[tuple[str, str]]:
    """Who brought the papers and on what authority, and who gets the notices."""
    lines = []
    if (acting := facts.acting) is not None:
        name = sealing.unseal(bytes(acting.name_sealed))
        lines.append((_("Presented by"), f"{name} ({acting.get_authority_kind_display()})"))
    if facts.consent is not None:
        lines.append((_("Notices go to"), str(Recipient(facts.consent.recipient).label)))
    return lines


def _cover(request: ServiceRequest) -> Page:
    terms = terms_of(request.service_version_id)
    lines = [
        (_("Service"), terms.name),
        (_("Applicant"), applicant_name(request)),
        (_("Received"), formats.local_day(request.received_at, "year")),
        (_("Ready since"), formats.local_day(request.ready_at, "year") if request.ready_at else ""),
        (_("Validity"), _marked(terms.validity, mark_text(terms, "validity"))),
        (_("Quantity"), str(request.quantity) if request.quantity > 1 else ""),
    ]
    notes = (
        _("Inside: the outcome of this request. Compare the code with the citizen's slip."),
        _("Hand it over against a signature; write down who collected it."),
    )
    blanks = (_("Name of the collector"), _("Identity paper and number"), _("Signature and date"))
    return Page(
        _("Cover of the outcome"), _office(request.office_id), _filled(lines), notes, blanks=blanks
    )


def _days(request: ServiceRequest, terms: VersionTerms) -> list[tuple[str, str]]:
    if request.due_at is None or request.promised_at is None:
        return [(_("State"), _("Papers are missing; the clock has not started"))]
    limit = formats.local_day(request.due_at, "year")
    return [
        (_("Ready by"), formats.local_day(request.promised_at, "year")),
        (_("Legal limit"), _marked(limit, mark_text(terms, "limit"))),
    ]


def _fee(
    request: ServiceRequest, terms: VersionTerms, balance: Balance | None
) -> list[tuple[str, str]]:
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
    notes = (
        _("The picture shows whether this receipt is genuine, and leads to your request."),
        _("Every fee has a receipt. Application forms are free of charge."),
    )
    proof = printed_proof(place.code, receipt.year, receipt.number)
    return Page(
        _("Payment receipt"),
        _office(receipt.office_id),
        _filled(lines),
        notes,
        proof=proof,
        url=f"{settings.PUBLIC_URL}/g/{proof}",
    )


def _office(office_id: int) -> str:
    return f"{formats.name_of(current_province())} · {formats.name_of(office(office_id))}"


def _marked(text: str, mark: str) -> str:
    return f"{text} ({mark})" if mark and text else text


def _filled(lines: list[tuple[str, str]]) -> Lines:
    return tuple((name, text) for name, text in lines if text)
