"""Whatever is done to a request, its money or its papers leaves its entry."""

from owso.audit.models import AuditEntry
from services.cashier.actions import approve_reversal, post_rate, request_reversal
from services.cashier.models import Payment
from services.documents.attaching import attach_document, withdraw_document
from services.offices.actors import system_actor
from services.requests import actions
from tenants import clock
from tests.factories import RequestFactory, district_office, staff
from tests.services.documents.scans import pdf

SYSTEM = system_actor("tests")


def verbs() -> set[str]:
    return set(AuditEntry.objects.values_list("verb", flat=True))


def test_the_life_of_requests_is_in_the_trail(province, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    for trait in ("incomplete", "charged", "waiting", "delivered", "rejected", "withdrawn"):
        request = RequestFactory(**{trait: True})
        if trait == "waiting":
            actions.resume_request(request.pk, by=SYSTEM)
            document = attach_document(request.pk, by=SYSTEM, name="a.pdf", content=pdf())
            withdraw_document(document.pk, by=SYSTEM, reason="unreadable")
            actions.forward_request(request.pk, by=SYSTEM, to_office_id=district_office(1))
    payment = Payment.objects.filter(reversal__isnull=True).first()
    asked = request_reversal(payment.pk, by=SYSTEM, reason="other", note="x")
    approve_reversal(asked.pk, by=staff("chief"))
    assert verbs() >= {
        *("register", "register_and_pay", "advance", "pause", "resume", "forward"),
        *("deliver", "reject", "withdraw", "request_reversal", "approve_reversal"),
        *("attach_document", "withdraw_document"),
    }


def test_a_posted_rate_is_in_the_trail_once(province):
    chief = staff("chief")
    for _ in range(2):
        post_rate(clock.today(), 4100, by=chief, office_id=district_office())
    entry = AuditEntry.objects.get(verb="post_rate")
    assert entry.changes["riel_per_dollar"] == 4100
    assert entry.actor_id == chief.user_id
