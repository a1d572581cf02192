"""Files that ended long ago, full of what people wrote about people."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.apps import apps
from django.conf import settings as django_settings
from django.db import connection

from services.casework.contents import Content, Half
from services.casework.models import Draft, Note, Opinion, OutcomeDocument
from services.cashier.models import Payment, ReversalRequest
from services.documents import containers, storing
from services.documents.models import Document, Thumbnail
from services.offices.actors import system_actor
from services.privacy.models import Correction, Objection
from services.requests.intake import RepresentationDetails
from services.requests.models import Ending, Pause, ServiceRequest
from tenants import clock, sealing
from tests.factories import ApplicantDetailsFactory, IntakeFactory, RequestFactory, UserFactory
from tests.owner import _owner_login, owner

__all__ = ["_owner_login", "owner"]

SYSTEM = system_actor("tests")
NAME, LATIN, PHONE, PAPER = "ចាន់ សុភ័ក្រ្តសម្ងាត់", "Xanthippe", "098 765 432", "987654321"
SECRETS = (NAME, LATIN, "098765432", "98765432", PAPER, "សុខ ដារ៉ា")
YEAR = timedelta(days=365)


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    """Keep files away from other tests."""
    settings.MEDIA_ROOT = tmp_path / "media"
    return settings.MEDIA_ROOT


def ended(request, ago):
    """Let a request have ended that long ago."""
    ServiceRequest.objects.filter(pk=request.pk).update(closed_at=clock.now() - ago)


def someone(**traits):
    """A request of the person whose traces are looked for."""
    applicant = ApplicantDetailsFactory(full_name=NAME, phone=PHONE, id_number=PAPER)
    acting = RepresentationDetails(name=f"{LATIN} acting", authority_kind="family", phone=PHONE)
    intake = IntakeFactory(applicant=applicant, representation=acting)
    return RequestFactory(intake=intake, **traits)


def full_file(ago=11 * YEAR):
    """A request with something in every table that holds personal data, ended that long ago."""
    request, user, now = someone(delivered=True), UserFactory(full_name_km="មន្ត្រី"), clock.now()
    said = {"written_at": now, "request": request}
    Note.objects.create(text=f"{LATIN} note", author=user, **said)
    Draft.objects.create(number=1, body=f"{NAME} draft", written_by=user, **said)
    Opinion.objects.create(
        request=request, office=request.office, role="specialist", question=f"{LATIN}?",
        asked_at=now, due_at=now, recommendation="agree", answer=f"{LATIN}!", answered_at=now,
    )  # fmt: skip
    OutcomeDocument.objects.create(
        request=request, office=request.office, year=2025, number=request.pk,
        token=uuid4().hex[:19], content_sealed=sealing.seal(signed_text()), content_hash=b"h",
        signed_by=user, signed_at=now,
    )  # fmt: skip
    Ending.objects.create(request=request, note=f"{LATIN} left", ended_at=now)
    visit = request.visits.first()
    Pause.objects.create(
        request=request, visit=visit, reason="other", note=LATIN, started_at=now, ended_at=now
    )
    ReversalRequest.objects.create(
        payment=Payment.objects.get(charge__request=request), amount_riel=1, reason="other",
        note=f"{LATIN} money", requested_at=now,
    )  # fmt: skip
    Correction.objects.create(
        request=request, field="full_name", before_sealed=sealing.seal(LATIN),
        after_sealed=sealing.seal(NAME), reason=LATIN, evidence=LATIN, corrected_at=now,
    )  # fmt: skip
    Objection.objects.create(
        request=request, against="messages", grounds=LATIN, recorded_at=now, decision="upheld",
        decision_reason=LATIN, decided_at=now,
    )  # fmt: skip
    scan(request)
    ended(request, ago)
    return request


def signed_text():
    """What a signed document says, as it is sealed."""
    half = Half("លិខិត", "ការិយាល័យ", "1", f"{NAME} may", (("អ្នកស្នើសុំ", NAME),), "", "")
    return Content(half, half, "TOU-D-002", "", is_practice=False).as_json()


def scan(request):
    """A scan of a paper, sealed on the disk."""
    key = containers.new_key()
    stored = storing.store(f"{NAME} scan".encode(), key, folder="documents")
    document = Document.objects.create(
        request=request, kind="application/pdf", size_bytes=stored.size_bytes,
        file_name=stored.file_name, digest=stored.digest, key_sealed=containers.seal_key(key),
    )  # fmt: skip
    small = storing.store(f"{NAME} small".encode(), key, folder="thumbnails")
    Thumbnail.objects.create(
        document=document, file_name=small.file_name, key_sealed=containers.seal_key(key)
    )
    return document


def tenant_models():
    """Every model of a province's schema."""
    return [
        model
        for config in apps.get_app_configs()
        if config.name in django_settings.TENANT_APPS
        for model in config.get_models(include_auto_created=True)
    ]


def everything():
    """All that the schema holds as (table, text); what the province's key opens is opened."""
    with connection.cursor() as cursor:
        for model in tenant_models():
            cursor.execute(f"SELECT * FROM {model._meta.db_table}")
            for row in cursor.fetchall():
                for value in row:
                    yield model._meta.label_lower, opened(value)


def opened(value):
    """A value as text, out of its seal if this province's key made it."""
    if not isinstance(value, bytes | memoryview):
        return str(value)
    try:
        return sealing.unseal(bytes(value))
    except Exception:
        return bytes(value).hex()


def traces():
    """The tables in which something of the person can still be read."""
    secrets = [*SECRETS, sealing.keyed_hash("+85598765432").hex()]
    return {table for table, text in everything() if any(secret in text for secret in secrets)}
