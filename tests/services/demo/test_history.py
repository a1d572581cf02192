from collections import Counter
from datetime import datetime, timedelta
from itertools import pairwise

import pytest
from django.db import connection
from django.db.models import Count, F, Max, Min, Sum

from analytics.folding import fold
from analytics.verification import verify
from services.calendars.deadlines import (
    add_working_minutes,
    deadline,
    working_minutes_between,
)
from services.cashier.models import Charge, Payment, Receipt, ReceiptSeries, Reversal
from services.catalogue.fees import quote
from services.catalogue.queries import terms
from services.demo import history, staff
from services.demo.history import write_history
from services.offices.models import Office
from services.requests.codes import parse_code
from services.requests.khmer import normalise
from services.requests.models import (
    Applicant,
    EventKind,
    Outcome,
    Pause,
    RequestEvent,
    ServiceRequest,
    StageVisit,
)
from services.requests.planning import office_calendar
from services.requests.states import CLOCK_STOPPED, CLOSED, OPEN, State
from services.requests.tracking import tracking
from tenants import clock
from tenants.context import in_province, portal_of
from tenants.sealing import keyed_hash, unseal
from tests.conftest import entered

REQUESTS, DAYS, SEED = 1_500, 60, 7
STILL = {EventKind.PAID, EventKind.REVERSED, EventKind.DELIVERED}
UNTIL = datetime(2026, 11, 20, 10, 0, tzinfo=clock.LOCAL)


@pytest.fixture
def past(province, settings):
    """A staffed province with a history in which everything happens."""
    settings.IS_DEMO = True
    staff.staff_province(staff.demo_password())
    write_history(province, requests=REQUESTS, days=DAYS, seed=SEED, until=UNTIL)
    connection.check_constraints()
    return province


def test_every_kind_of_fate_occurs(past):
    states = Counter(ServiceRequest.objects.values_list("state", flat=True))
    assert set(states) == set(State)
    assert sum(states.values()) == REQUESTS
    assert set(RequestEvent.objects.values_list("kind", flat=True)) == set(EventKind)
    outcomes = set(StageVisit.objects.values_list("outcome", flat=True))
    assert outcomes == {"", *Outcome}
    assert ServiceRequest.objects.filter(state__in=OPEN, due_at__lt=UNTIL).exists()


def test_most_requests_are_on_time(past):
    done = RequestEvent.objects.filter(kind=EventKind.READY)
    assert 0.9 < done.filter(was_late=False).count() / done.count() < 0.98


def test_income_and_volume_are_in_the_known_proportions(past):
    paid = Payment.objects.filter(office__kind="unit")
    of_land = paid.filter(request__service__sector__code__in=["land", "construction"])
    income = of_land.aggregate(Sum("amount_riel"))["amount_riel__sum"]
    assert income > 0.8 * paid.aggregate(Sum("amount_riel"))["amount_riel__sum"]
    elsewhere = ServiceRequest.objects.exclude(received_office__kind="unit")
    papers = elsewhere.filter(service__sector__code__in=["civil-registration", "legalization"])
    assert papers.count() > 0.7 * elsewhere.count() > 0.5 * REQUESTS


def test_requests_come_in_while_their_office_is_open_and_not_later_than_the_end(past):
    office = office_calendar(Office.objects.first().pk)
    for received_at in ServiceRequest.objects.values_list("received_at", flat=True):
        minute_later = received_at + timedelta(minutes=1)
        assert working_minutes_between(received_at, minute_later, office) == 1
        assert UNTIL - timedelta(days=DAYS) <= received_at <= UNTIL
    assert RequestEvent.objects.aggregate(Max("occurred_at"))["occurred_at__max"] <= UNTIL


def test_every_deadline_is_the_one_the_rules_give(past):
    for request in ServiceRequest.objects.exclude(registered_at=None).prefetch_related("pauses"):
        calendar = office_calendar(request.office_id)
        pauses = [(each.started_at, each.ended_at) for each in request.pauses.all()]
        ended = [pause for pause in pauses if pause[1]]
        limit = terms(request.service_version_id).limit_days
        due = deadline(request.registered_at, limit, calendar, ended, now=UNTIL)
        assert request.due_at == due.due_at
        assert request.due_on == clock.local_day(due.due_at)
        minutes = sum(working_minutes_between(start, end, calendar) for start, end in ended)
        assert request.paused_minutes == minutes
        plan = sum(stage.limit_minutes for stage in terms(request.service_version_id).stages)
        promised = add_working_minutes(request.registered_at, plan + minutes, calendar)
        assert request.promised_at == min(promised, request.due_at)


def test_every_stage_has_its_own_deadline_and_follows_the_one_before(past):
    for request in ServiceRequest.objects.prefetch_related("visits", "pauses"):
        visits = sorted(request.visits.all(), key=lambda visit: visit.sequence)
        assert [visit.sequence for visit in visits] == list(range(1, len(visits) + 1))
        for before, after in pairwise(visits):
            assert before.left_at == after.entered_at
        for visit in visits:
            calendar = office_calendar(visit.office_id)
            minutes = visit.planned_minutes + sum(
                working_minutes_between(pause.started_at, pause.ended_at, calendar)
                for pause in request.pauses.all()
                if pause.visit_id == visit.pk and pause.ended_at
            )
            assert visit.due_at == add_working_minutes(visit.entered_at, minutes, calendar)


def test_the_open_visit_is_the_current_one_and_the_last_office_is_the_requests(past):
    for request in ServiceRequest.objects.prefetch_related("visits"):
        open_visits = [visit.pk for visit in request.visits.all() if visit.left_at is None]
        assert open_visits == ([request.current_visit_id] if request.state in OPEN else [])
        visits = sorted(request.visits.all(), key=lambda visit: visit.sequence)
        assert not visits or visits[-1].office_id == request.office_id
    waiting = ServiceRequest.objects.filter(state=State.WAITING).count()
    assert Pause.objects.filter(ended_at=None).count() == waiting > 0


def test_the_events_of_a_request_tell_its_state(past):
    for request in ServiceRequest.objects.prefetch_related("events"):
        events = sorted(request.events.all(), key=lambda event: event.pk)
        times = [event.occurred_at for event in events]
        assert times == sorted(times)
        assert not [event for event in events if event.kind in STILL and event.due_on_after]
        moving = [event for event in events if event.kind not in STILL]
        for before, after in pairwise(moving):
            assert after.due_on_before == before.due_on_after
        is_running = request.state in {State.REGISTERED, State.IN_PROGRESS}
        due_on = request.due_on if is_running else None
        assert moving[-1].due_on_after == (
            CLOCK_STOPPED if request.state == State.WAITING else due_on
        )


def test_fees_are_those_of_the_catalogue_and_receipts_have_no_gaps(past):
    for charge in Charge.objects.select_related("request"):
        request = charge.request
        rule = terms(request.service_version_id).fee
        offer = quote(rule, values=request.fee_values, quantity=request.quantity)
        assert (charge.fee_tier_id, charge.amount_riel) == (offer.tier_id, offer.amount_riel)
        assert charge.created_at == request.registered_at
    paid = Charge.objects.filter(amount_riel__gt=0)
    assert Payment.objects.filter(amount_riel=F("charge__amount_riel")).count() == paid.count()
    for series in ReceiptSeries.objects.all():
        receipts = Receipt.objects.filter(office=series.office_id, year=series.year)
        seen = receipts.aggregate(first=Min("number"), last=Max("number"), n=Count("id"))
        assert seen == {"first": 1, "last": series.last_number, "n": series.last_number}
    assert Reversal.objects.exclude(approved_by=F("requested_by")).count() >= 1


def test_what_is_personal_is_sealed_and_found_as_that_of_real_applicants(past):
    for applicant in Applicant.objects.all()[:50]:
        number = unseal(applicant.id_sealed)
        assert bytes(applicant.id_hash) == keyed_hash(f"{applicant.id_kind}:{number}")
        assert applicant.name_search == normalise(applicant.full_name)
        if applicant.phone_sealed:
            phone = unseal(applicant.phone_sealed)
            assert bytes(applicant.phone_hash) == keyed_hash(phone)
            assert bytes(applicant.phone_last4_hash) == keyed_hash(f"last4:{phone[-4:]}")
    assert Applicant.objects.annotate(n=Count("requests")).filter(n__gt=1).exists()


def test_every_request_is_handled_by_the_staff_of_its_office(past):
    done = StageVisit.objects.exclude(left_at=None)
    assert not done.filter(handled_by=None).exists()
    assert not done.exclude(handled_by__staff_roles__office=F("office")).exists()
    # What a bank confirmed by phone is in nobody's name.
    cash = Payment.objects.filter(method="cash")
    assert not cash.exclude(cashier__staff_roles__role="cashier").exists()
    assert not Payment.objects.filter(method="khqr", cashier__isnull=False).exists()


def test_an_invented_request_can_be_tracked(past):
    codes = list(ServiceRequest.objects.values_list("tracking_code", flat=True)[:200])
    assert all(parse_code(code) == code for code in codes)
    with portal_of(past):
        assert all(tracking(code) is not None for code in codes)


def test_closed_requests_know_when_they_were_closed(past):
    closed = ServiceRequest.objects.filter(state__in=CLOSED)
    assert not closed.filter(closed_at=None).exists()
    assert closed.filter(state=State.DELIVERED, collection__isnull=False).count() > 0.5 * REQUESTS


def test_without_accounts_nobody_is_named_and_nothing_is_reversed(province):
    write_history(province, requests=300, days=20, seed=SEED, until=UNTIL)
    connection.check_constraints()
    assert not StageVisit.objects.exclude(handled_by=None).exists()
    assert not Reversal.objects.exists()


def test_the_same_seed_gives_the_same_history(province, neighbour):
    def tell(seed: int) -> list[tuple]:
        written = write_history(province, requests=200, days=30, seed=seed, until=UNTIL)
        assert written.requests == 200
        return list(
            ServiceRequest.objects.order_by("-id").values_list(
                "tracking_code", "state", "due_at", "applicant__full_name", "version"
            )[:200]
        )

    with connection.cursor() as cursor:
        cursor.execute("SAVEPOINT before_history")
        first = tell(1)
        cursor.execute("ROLLBACK TO SAVEPOINT before_history")
    assert tell(1) == first
    assert tell(2) != first


@pytest.mark.usefixtures("committed")
def test_the_national_figures_agree_with_two_invented_provinces(settings):
    settings.IS_DEMO = True
    password = staff.demo_password()
    for code in ("01", "02"):
        with entered(code) as province:
            staff.staff_province(password)
        write_history(province, requests=REQUESTS, days=DAYS, seed=SEED, until=UNTIL)
        while fold(province):
            pass
        result = verify(province)
        assert result.is_equal, result.differences
        with in_province(province):
            registered = ServiceRequest.objects.exclude(registered_at=None).count()
        assert result.totals.requests == registered > 0.9 * REQUESTS


@pytest.mark.usefixtures("committed")
def test_a_history_that_was_interrupted_goes_on_where_it_stopped(monkeypatch):
    class KilledError(Exception):
        pass

    def kill_after_two(_requests: int) -> None:
        told.append(_requests)
        if len(told) == 3:
            raise KilledError

    monkeypatch.setattr(history, "BATCH", 100)
    told: list[int] = []
    asked = {"requests": 450, "days": 30, "seed": SEED, "until": UNTIL}
    with entered("02") as province:
        with pytest.raises(KilledError):
            write_history(province, **asked, on_batch=kill_after_two)
        assert ServiceRequest.objects.count() == 200
        assert write_history(province, **asked).requests == 250
        assert write_history(province, **asked).requests == 0
        assert ServiceRequest.objects.count() == 450
        again = list(_codes())
    with entered("01") as other:
        write_history(other, **asked)
        codes = [code[2:] for code in _codes()]
    assert len(again) == len(set(again)) == len(codes)
    while fold(province):
        pass
    assert verify(province).is_equal


def _codes():
    return ServiceRequest.objects.values_list("tracking_code", flat=True)
