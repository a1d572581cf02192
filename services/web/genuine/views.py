"""One code, one query, no names: what a paper says of itself, and whether it is ours."""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from owso.accounts.access import public
from owso.formats import local_datetime, local_day, name_of, riel
from owso.middleware import client_address
from services.bilingual import in_readers_language
from services.casework.contents import outcome_number
from services.casework.genuine import genuine_document
from services.casework.tokens import format_token, parse_token
from services.cashier.models import Method
from services.cashier.queries import receipt_number
from services.catalogue.queries import terms
from services.citizens.receipts import (
    ReceiptProof,
    genuine_receipt,
    parse_proof,
    printed_proof,
)
from services.requests.codes import format_code
from services.web.portal import answers, lookups
from services.web.portal.answers import UNSEEN, page
from tenants.context import as_portal, province_by_code
from tenants.models import Province

Told = dict[str, object]


@public
@require_safe
def ask(request: HttpRequest) -> HttpResponse:
    """Ask for the code under the picture, for those who cannot scan it."""
    typed = request.GET.get("code", "")
    if not typed:
        return page("genuine/ask.html")
    printed = _printed(typed)
    if not printed:
        return _miss(request)
    return HttpResponseRedirect(f"/g/{printed}", headers=UNSEEN)


@public
@require_safe
def check(request: HttpRequest, typed: str) -> HttpResponse:
    """Say what a genuine paper says; every code that leads nowhere gets the same answer."""
    if not lookups.may_look_up(client_address(request)):
        return _too_often(request)
    with as_portal():
        if (token := parse_token(typed)) is not None:
            template, told = "genuine/genuine.html", _document(token)
        elif (proof := parse_proof(typed)) is not None:
            template, told = "genuine/receipt.html", _receipt(proof)
        else:
            return _miss(request)
        return _miss(request) if told is None else page(template, told)


def _printed(typed: str) -> str:
    """The code as it stands on the paper; empty for what cannot be one."""
    if (token := parse_token(typed)) is not None:
        return format_token(token)
    proof = parse_proof(typed)
    if proof is None or not proof.is_ours:
        return ""
    return printed_proof(proof.office_code, proof.year, proof.number)


def _document(token: str) -> Told | None:
    province = province_by_code(token[:2])
    if province is None:
        return None
    found = genuine_document(token, schema_name=province.schema_name)
    if found is None:
        return None
    return {
        **_place(province, found.office_name_km, found.office_name_en),
        "is_valid": found.is_valid,
        "number": outcome_number(found.office_code, found.year, found.number),
        "signed_on": local_day(found.signed_at, "year"),
        "service": terms(found.service_version_id).name,
        "code": format_token(token),
    }


def _receipt(proof: ReceiptProof) -> Told | None:
    province = province_by_code(proof.province_code)
    if province is None:
        return None
    found = genuine_receipt(proof, schema_name=province.schema_name)
    if found is None:
        return None
    return {
        **_place(province, found.office_name_km, found.office_name_en),
        "number": receipt_number(proof.office_code, proof.year, proof.number),
        "amount": riel(found.amount_riel),
        "is_void": found.reversed_riel >= found.amount_riel,
        "taken_back": riel(found.reversed_riel) if found.reversed_riel else "",
        "method": str(Method(found.method).label),
        "paid": local_datetime(found.paid_at, "year"),
        "service": terms(found.service_version_id).name,
        "tracking_code": format_code(found.tracking_code),
    }


def _place(province: Province, office_km: str, office_en: str) -> Told:
    return {
        "province": name_of(province),
        "office": in_readers_language(office_km, office_en),
        "is_practice": province.is_practice,
    }


def _miss(request: HttpRequest) -> HttpResponse:
    if not lookups.may_miss(client_address(request)):
        return _too_often(request)
    return page("genuine/unknown.html", status=404)


def _too_often(request: HttpRequest) -> HttpResponse:
    text = _("Too many checks from one place. Please try again in a few minutes.")
    return answers.too_often(request, text)
