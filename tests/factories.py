"""Makes people, intakes and requests for tests; requests go through the real actions.

The traits of RequestFactory are states of the business: `paid`, `in_progress`, `waiting` ...
"""

from datetime import datetime, timedelta
from uuid import uuid4

import factory
import factory.base

from owso.accounts.models import User
from owso.accounts.permissions import Role
from services.calendars.deadlines import add_working_minutes
from services.cashier.tenders import Tender
from services.catalogue.queries import published_version
from services.counter import register_and_charge, register_and_pay
from services.offices.actors import Actor, actor_of, system_actor
from services.offices.models import StaffRole
from services.offices.queries import office_by_code
from services.requests import actions
from services.requests.actions.closing import Collector
from services.requests.intake import ApplicantDetails, Intake
from services.requests.models import PauseReason, ServiceRequest
from services.requests.planning import office_calendar
from tenants import clock
from tenants.context import current_province

# A Monday morning, an hour after the counters opened; no holiday in that week or the next.
MONDAY = datetime(2025, 6, 23, 8, 30, tzinfo=clock.LOCAL)
SERVICE = "TOU-D-002"
"""One exact fee of 5,000 riel, three papers."""


class UserFactory(factory.django.DjangoModelFactory):
    """An account of the current schema."""

    class Meta:
        model = User

    username = factory.Sequence(lambda number: f"staff{number}")
    full_name_km = "សុខ ដារ៉ា"
    full_name_en = "Sok Dara"
    language = "km"


def unit() -> int:
    """Return the id of the unit of the current province."""
    return office_by_code(f"{current_province().code}00").id


def district_office(place: int = 0) -> int:
    """Return the id of a district office of the current province."""
    codes = {"01": ("0102", "0103", "0104"), "02": ("0201", "0202"), "12": ("1201", "1202")}
    return office_by_code(codes[current_province().code][place]).id


def staff(*roles: str, office_id: int | None = None, sector_id: int | None = None) -> Actor:
    """Make a member of staff with roles at an office (the first district's if none is named)."""
    user = UserFactory()
    office_id = office_id or district_office()
    for role in roles:
        StaffRole.objects.create(
            user=user,
            role=role,
            office_id=office_id,
            sector_id=sector_id if role == Role.AGENT else None,
        )
    return actor_of(user, address="192.0.2.7")


class ApplicantDetailsFactory(factory.base.Factory):
    """An applicant with a valid card and phone."""

    class Meta:
        model = ApplicantDetails

    full_name = factory.Sequence(lambda number: f"សុខ ដារ៉ា {number}")
    sex = "f"
    id_kind = "national_id"
    id_number = factory.Sequence(lambda number: f"{10_000_000 + number:09d}")
    phone = "012 345 678"


class IntakeFactory(factory.base.Factory):
    """A complete intake at the first district office."""

    class Meta:
        model = Intake

    class Params:
        service = SERVICE

    office_id = factory.LazyFunction(district_office)
    terms = factory.LazyAttribute(
        lambda made: published_version(made.service, on=clock.local_day(MONDAY))
    )
    idempotency_key = factory.LazyFunction(uuid4)
    applicant = factory.SubFactory(ApplicantDetailsFactory)


class RequestFactory(factory.base.Factory):
    """A request in any state, by the system's hand, beginning on MONDAY."""

    class Meta:
        model = ServiceRequest

    class Params:
        incomplete = factory.Trait(reach="incomplete")
        charged = factory.Trait(reach="charged")
        in_progress = factory.Trait(reach="in_progress")
        waiting = factory.Trait(reach="waiting")
        ready = factory.Trait(reach="ready")
        delivered = factory.Trait(reach="delivered")
        rejected = factory.Trait(reach="rejected")
        withdrawn = factory.Trait(reach="withdrawn")
        overdue = factory.Trait(
            reach="in_progress", started=factory.LazyFunction(lambda: MONDAY - timedelta(days=400))
        )

    reach = "paid"
    started = MONDAY
    intake = factory.SubFactory(IntakeFactory)

    @classmethod
    def _create(cls, model_class, *args, reach, started, intake, **kwargs):
        return _reached(intake, reach, started=started, by=system_actor("tests"))


def _reached(intake: Intake, reach: str, *, started: datetime, by: Actor) -> ServiceRequest:
    if reach == "incomplete":
        return actions.register_request(_incomplete(intake), by=by, now=started)
    if reach == "charged":
        return register_and_charge(intake, by=by, now=started).request
    request = register_and_pay(intake, Tender(), by=by, now=started).request
    if reach != "paid":
        _go_on(request.pk, reach, started=started, by=by)
        request = ServiceRequest.objects.get(pk=request.pk)
    return request


def _incomplete(intake: Intake) -> Intake:
    values = {name: getattr(intake, name) for name in intake.__dataclass_fields__}
    return Intake(**{**values, "is_complete": False})


def _go_on(request_id: int, reach: str, *, started: datetime, by: Actor) -> None:
    later = started + timedelta(minutes=30)
    if reach in {"rejected", "withdrawn"}:
        end = actions.reject_request if reach == "rejected" else actions.withdraw_request
        end(request_id, by=by, reason="ឯកសារមិនត្រឹមត្រូវ", now=later)
        return
    actions.advance_request(request_id, by=by, seen_visit_id=None, now=later)
    if reach == "waiting":
        actions.pause_request(request_id, by=by, reason=PauseReason.PAPERS_MISSING, now=later)
    if reach in {"ready", "delivered"}:
        finish(request_id, by=by, now=later)
    if reach == "delivered":
        collector = Collector(name="សុខ ដារ៉ា")
        actions.deliver_request(request_id, by=by, collector=collector, now=later)


def finish(request_id: int, *, by: Actor, now: datetime) -> ServiceRequest:
    """Advance a request through every stage that is left."""
    request = ServiceRequest.objects.get(pk=request_id)
    while request.current_visit_id is not None:
        request = actions.advance_request(
            request_id, by=by, seen_visit_id=request.current_visit_id, now=now
        )
    return request


def working_minutes_later(office_id: int, moment: datetime, minutes: int) -> datetime:
    """Return the moment that many working minutes later at an office."""
    return add_working_minutes(moment, minutes, office_calendar(office_id))


def advanced_to(request_id: int, stage: str, *, now: datetime | None = None) -> ServiceRequest:
    """Bring a request to a stage of its plan by the system's hand."""
    requests = ServiceRequest.objects.select_related("current_visit")
    while (request := requests.get(pk=request_id)).current_visit.stage_code != stage:
        actions.advance_request(
            request_id,
            by=system_actor("tests"),
            seen_visit_id=request.current_visit_id,
            now=now,
        )
    return request
