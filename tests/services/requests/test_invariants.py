"""Whatever happens to requests, the ledger stays in step with them."""

from collections import Counter
from datetime import timedelta
from uuid import uuid4

from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from owso.errors import DomainError
from services.cashier.actions import charge_request, take_payment
from services.cashier.models import Charge
from services.cashier.tenders import Tender
from services.offices.actors import system_actor
from services.requests import actions
from services.requests.actions.closing import Collector
from services.requests.models import Pause, RequestEvent, ServiceRequest, StageVisit
from services.requests.states import CLOSED, OPEN, STEPS, State
from tests.factories import MONDAY, IntakeFactory, district_office, unit

SYSTEM = system_actor("tests")

STEPS_TAKEN = {
    "complete": lambda pk, now: actions.complete_papers(pk, by=SYSTEM, now=now),
    "advance": lambda pk, now: actions.advance_request(pk, by=SYSTEM, seen_visit_id=None, now=now),
    "pause": lambda pk, now: actions.pause_request(pk, by=SYSTEM, reason="other", now=now),
    "resume": lambda pk, now: actions.resume_request(pk, by=SYSTEM, now=now),
    "forward": lambda pk, now: actions.forward_request(
        pk, by=SYSTEM, to_office_id=_other_office(pk), now=now
    ),
    "reject": lambda pk, now: actions.reject_request(pk, by=SYSTEM, reason="ទេ", now=now),
    "withdraw": lambda pk, now: actions.withdraw_request(pk, by=SYSTEM, now=now),
    "deliver": lambda pk, now: actions.deliver_request(
        pk, by=SYSTEM, collector=Collector(name="ដារ៉ា"), now=now
    ),
    "pay": lambda pk, now: _pay(pk, now),
}
COMMON = ("complete", "pay", "advance", "advance", "advance", "pause", "resume", "forward")
steps = st.lists(
    st.tuples(
        st.integers(0, 2),
        st.one_of(st.sampled_from(COMMON), st.sampled_from(sorted(STEPS_TAKEN))),
        st.integers(0, 60 * 24 * 4),
    ),
    min_size=8,
    max_size=40,
)


def _other_office(request_id):
    here = ServiceRequest.objects.get(pk=request_id).office_id
    return unit() if here != unit() else district_office()


def _pay(request_id, now):
    charge_request(request_id, by=SYSTEM, now=now)
    charge = Charge.objects.get(request_id=request_id)
    take_payment(charge.pk, tender=Tender(), by=SYSTEM, idempotency_key=uuid4(), now=now)


def _take(step, request_id, now):
    """Take a step if it is legal; an illegal one must change nothing."""
    before: dict = {**ServiceRequest.objects.values().get(pk=request_id)}
    events = RequestEvent.objects.count()
    try:
        STEPS_TAKEN[step](request_id, now)
    except DomainError:
        if step != "pay":  # the charge may have been made before the payment was refused
            assert ServiceRequest.objects.values().get(pk=request_id) == before
        assert RequestEvent.objects.count() == events
        return
    after = ServiceRequest.objects.get(pk=request_id)
    assert before["state"] in STEPS[step].begins
    assert after.version == before["version"] + 1
    assert RequestEvent.objects.count() == events + 1
    if before["due_at"] is not None:
        assert after.due_at is not None
        assert after.promised_at is not None
        assert before["due_at"] <= after.due_at
        assert before["promised_at"] <= after.promised_at
        assert after.promised_at <= after.due_at


def _check_ledger():
    net: Counter = Counter()
    for before, after in RequestEvent.objects.values_list("due_on_before", "due_on_after"):
        net[before] -= 1
        net[after] += 1
    del net[None]
    is_open = ServiceRequest.objects.filter(state__in=[*OPEN])
    expected = Counter(
        row["due_on"] if row["state"] != State.WAITING else max(net, default=None)
        for row in is_open.values("due_on", "state")
    )
    assert +net == expected
    assert min(net.values(), default=0) >= 0


def _check_rows():
    for request in ServiceRequest.objects.all():
        open_visits = StageVisit.objects.filter(request=request, left_at=None)
        assert open_visits.count() == (request.state in OPEN)
        assert request.current_visit_id == open_visits.values_list("pk", flat=True).first()
        waits = Pause.objects.filter(request=request, ended_at=None).exists()
        assert waits == (request.state == State.WAITING)
        assert (request.closed_at is not None) == (request.state in CLOSED)


@settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(steps=steps, complete=st.lists(st.booleans(), min_size=3, max_size=3))
def test_any_sequence_of_steps_keeps_the_ledger_in_step(province, steps, complete):
    with transaction.atomic():
        requests = [
            actions.register_request(
                IntakeFactory(is_complete=is_complete), by=SYSTEM, now=MONDAY
            ).pk
            for is_complete in complete
        ]
        now = MONDAY
        for which, step, minutes in steps:
            now += timedelta(minutes=minutes)
            _take(step, requests[which], now)
        _check_ledger()
        _check_rows()
        transaction.set_rollback(True)
