import threading

import psycopg
import pytest
from django.db import connection

from analytics.folding import fold
from analytics.verification import verify
from services.cashier.models import Payment
from services.demo import staff
from services.demo.simulator import Simulator
from services.requests.models import EventKind, RequestEvent, ServiceRequest
from services.requests.states import State
from tenants.context import in_province, province_by_code
from tests import databases
from tests.conftest import entered

MOVES = ("register", "register", "advance", "advance", "advance", "pause", "resume", "reject")


@pytest.fixture
def at_work(settings):
    """Two provinces with demo staff, and a simulator that knows them."""
    settings.IS_DEMO = True
    password = staff.demo_password()
    provinces = []
    for code in ("01", "02"):
        with entered(code) as province:
            staff.staff_province(password)
            provinces.append(province)
    return Simulator(provinces, seed=5)


def events(kind: EventKind) -> int:
    return RequestEvent.objects.filter(kind=kind).count()


@pytest.mark.usefixtures("committed")
def test_simulated_work_moves_requests_in_both_provinces_and_the_figures_agree(at_work):
    for number in range(240):
        at_work.step(MOVES[number % len(MOVES)])
    for code in ("01", "02"):
        province = province_by_code(code)
        with in_province(province):
            assert events(EventKind.REGISTERED) > 5
            assert events(EventKind.ADVANCED) > 0
            assert Payment.objects.exists()
            registered = ServiceRequest.objects.count()
        while fold(province):
            pass
        result = verify(province)
        assert result.is_equal, result.differences
        assert result.totals.requests == registered


def test_a_simulated_request_goes_from_the_counter_to_its_collection(province, settings):
    settings.IS_DEMO = True
    staff.staff_province(staff.demo_password())
    player = Simulator([province], seed=11)
    while not ServiceRequest.objects.exists():
        player.step("register")
    for _ in range(2_000):
        if ServiceRequest.objects.filter(state=State.DELIVERED).exists():
            break
        player.step("advance")
        player.step("deliver")
    request = ServiceRequest.objects.get()
    assert request.state == State.DELIVERED
    visits = request.visits.select_related("handled_by")
    assert all(visit.handled_by is not None for visit in visits)
    assert all(visit.handled_by.staff_roles.filter(role=visit.actor_role) for visit in visits)


def test_a_step_with_nothing_to_do_says_so(province, settings):
    settings.IS_DEMO = True
    staff.staff_province(staff.demo_password())
    player = Simulator([province], seed=1)
    assert not player.step("advance")
    assert not player.step("resume")


def test_steps_drawn_by_chance_find_work(province, settings):
    settings.IS_DEMO = True
    staff.staff_province(staff.demo_password())
    player = Simulator([province], seed=3)
    done = [player.step() for _ in range(60)]
    assert sum(done) > 10
    assert events(EventKind.REGISTERED) > 5


@pytest.mark.usefixtures("committed")
def test_the_simulation_goes_on_after_its_connections_were_cut(at_work):
    stop = threading.Event()
    seen: list[int] = []
    name = connection.settings_dict["NAME"]

    def cut_then_stop() -> None:
        try:
            seen.append(_wait_for_more_than(0, name))
            with psycopg.connect(databases._url(name, owner=False), autocommit=True) as app:
                cut = app.execute(
                    "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity"
                    " WHERE datname = %s AND usename = current_user AND pid <> pg_backend_pid()",
                    [name],
                ).fetchone()
            assert cut[0] > 0
            seen.append(_wait_for_more_than(seen[0] + 2, name))
        finally:
            stop.set()

    helper = threading.Thread(target=cut_then_stop)
    helper.start()
    at_work.run(stop, rate=200)
    helper.join()
    assert seen[1] > seen[0] + 2


def _wait_for_more_than(count: int, name: str) -> int:
    found = 0
    with databases.owner_connection(name) as owner:
        for _ in range(300):
            found = owner.execute(
                "SELECT (SELECT count(*) FROM p01.requests_servicerequest)"
                " + (SELECT count(*) FROM p02.requests_servicerequest)"
            ).fetchone()[0]
            if found > count:
                break
            threading.Event().wait(0.1)
    return found


@pytest.mark.usefixtures("committed")
def test_a_set_stop_ends_the_simulation_at_once(at_work):
    stop = threading.Event()
    stop.set()
    at_work.run(stop, rate=0.001)
    with entered("01"):
        assert not ServiceRequest.objects.exists()
