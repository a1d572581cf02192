"""Reads of data protection: what was corrected, objected to, held, copied and disposed of."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from django.db.models import Q, QuerySet

from services.privacy.models import Correction, DataCopy, DisposalRun, LegalHold, Objection
from services.requests.models import Applicant, ServiceRequest

SHOWN = 100


def corrections_of(request: ServiceRequest) -> Iterable[Correction]:
    """Return the corrections made at a request, newest first."""
    return Correction.objects.filter(request=request).select_related("corrected_by").order_by("-id")


def corrected_at(request: ServiceRequest) -> datetime | None:
    """Return when the data of the request was last corrected, if ever."""
    found = Correction.objects.filter(request=request).order_by("-id")
    return found.values_list("corrected_at", flat=True).first()


def objections_of(request: ServiceRequest) -> Iterable[Objection]:
    """Return the objections on a request, newest first."""
    found = Objection.objects.filter(request=request).order_by("-id")
    return found.select_related("recorded_by", "decided_by")


def is_restricted(request: ServiceRequest, against: Objection.Against) -> bool:
    """Say whether an upheld objection forbids that use of the data of this request."""
    upheld = Objection.objects.filter(request=request, against=against)
    return upheld.filter(decision=Objection.Decision.UPHELD).exists()


def holds_of(request: ServiceRequest) -> QuerySet[LegalHold]:
    """Return the holds on a request and on its applicant, newest first."""
    mine = Q(request=request)
    if request.applicant_id is not None:
        mine |= Q(applicant_id=request.applicant_id)
    return LegalHold.objects.filter(mine).select_related("placed_by").order_by("-id")


def open_holds() -> QuerySet[LegalHold]:
    """Return the holds of the province that nobody lifted, newest first."""
    found = LegalHold.objects.filter(lifted_at__isnull=True).order_by("-id")
    return found.select_related("request", "placed_by")[:SHOWN]


def last_runs(limit: int = 12) -> QuerySet[DisposalRun]:
    """Return the last runs of the disposal, newest first."""
    return DisposalRun.objects.select_related("started_by").order_by("-id")[:limit]


def copies_of(request: ServiceRequest) -> Iterable[DataCopy]:
    """Return the copies made of the person's data at a request, newest first."""
    return DataCopy.objects.filter(request=request).select_related("made_by").order_by("-id")


def requests_of_person(request: ServiceRequest) -> Sequence[ServiceRequest]:
    """Return every request of the same person in the province, oldest first.

    The same person is the same row, or the same number of the same kind of paper. A phone is
    shared and a name is common: neither makes two applicants one person.
    """
    applicant = request.applicant
    if applicant is None:
        return (request,)
    same = Q(applicant_id=applicant.pk)
    if applicant.id_hash is not None:
        ids = Applicant.objects.filter(id_hash=applicant.id_hash).values("pk")
        same |= Q(applicant_id__in=ids)
    found = ServiceRequest.objects.filter(same).select_related("applicant", "charge")
    return tuple(found.order_by("received_at", "id"))
