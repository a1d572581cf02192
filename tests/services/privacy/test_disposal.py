"""The disposal takes what its period has ended for, all of it, and nothing else."""

from datetime import timedelta

import pytest
from django.db import connection
from django.db.utils import IntegrityError

from owso.audit.models import AuditEntry
from owso.errors import Invalid, InvalidTransition, NotAllowed, NotFound
from services.casework.contents import signed_content
from services.casework.models import Note, OutcomeDocument
from services.documents.models import Document
from services.privacy.actions import dispose, lift_hold, place_hold
from services.privacy.actions.disposing import ORDER
from services.privacy.models import Disposal, DisposalRun, LegalHold
from services.requests.models import Applicant, RequestEvent, ServiceRequest
from services.retention.queries import days_of
from services.retention.rules import DataKind
from tenants import clock
from tests.factories import RequestFactory, staff, system_actor
from tests.services.documents.conftest import files_below
from tests.services.privacy.conftest import (
    SYSTEM,
    YEAR,
    ended,
    everything,
    full_file,
    scan,
    someone,
    traces,
)

MINUTE = timedelta(minutes=1)
FIGURES = (
    "requests_requestevent", "cashier_charge", "cashier_payment", "cashier_receipt",
    "cashier_reversal", "national_request", "cashier_receiptseries", "casework_outcomeseries",
)  # fmt: skip


def figures():
    """What the ministry counts and the accounts rest on."""
    with connection.cursor() as cursor:
        found = {}
        for table in FIGURES:
            cursor.execute(f"SELECT to_jsonb(t)::text FROM {table} t ORDER BY 1")
            found[table] = cursor.fetchall()
    return found


def taken(run):
    return {kind: figures["taken"] for kind, figures in run.report.items() if figures["taken"]}


def test_nothing_of_the_person_is_left_and_every_figure_is_what_it_was(province, media):
    request = full_file()
    assert len(traces()) >= 12
    assert len(files_below(media)) == 2
    before = figures()

    run = dispose(by=SYSTEM)

    assert traces() == set()
    assert files_below(media) == []
    assert figures() == before
    assert run.finished_at is not None
    assert taken(run) == dict.fromkeys(["scans", "files", "outcomes", "money", "applicants"], 1)
    request.refresh_from_db()
    assert request.applicant.full_name == request.applicant.name_search == ""
    assert request.content_hash == b""
    with pytest.raises(NotFound, match="content_disposed"):
        signed_content(OutcomeDocument.objects.get())
    document = Document.objects.get()
    assert (document.key_sealed, document.withdrawal_reason) == (b"", "disposed")
    assert "full_name" not in str(list(AuditEntry.objects.values_list("changes")))


def test_a_second_run_finds_nothing_and_a_dry_run_touches_nothing(province):
    full_file()
    before = list(everything())
    dry = dispose(by=SYSTEM, is_dry_run=True)
    assert {kind: each["due"] for kind, each in dry.report.items() if each["due"]} == (
        dict.fromkeys(["scans", "files", "outcomes", "money", "applicants"], 1)
    )
    assert taken(dry) == {}
    unseen = {"audit.auditentry", "privacy.disposalrun"}
    assert [each for each in everything() if each[0] not in unseen] == (
        [each for each in before if each[0] not in unseen]
    )
    assert taken(dispose(by=SYSTEM)) != {}
    assert taken(dispose(by=SYSTEM)) == {}


@pytest.mark.parametrize("kind", ["scans", "files", "outcomes", "money", "applicants"])
def test_a_kind_goes_when_its_period_has_ended_and_not_a_minute_before(province, kind):
    request = full_file()
    period = timedelta(days=days_of(DataKind(kind)))
    ended(request, period - MINUTE)
    assert kind not in taken(dispose(by=SYSTEM))
    ended(request, period + MINUTE)
    assert taken(dispose(by=SYSTEM))[kind] == 1


def test_an_open_file_keeps_itself_and_its_person(province):
    old = someone(delivered=True)
    ended(old, 20 * YEAR)
    waiting = RequestFactory(waiting=True, started=clock.now() - 300 * timedelta(days=1))
    ServiceRequest.objects.filter(pk=waiting.pk).update(
        applicant=old.applicant, received_at=clock.now() - 20 * YEAR
    )
    assert "applicants" not in taken(dispose(by=SYSTEM))
    assert Applicant.objects.get(pk=old.applicant_id).full_name != ""


def test_a_result_nobody_fetched_and_papers_nobody_completed_end_too(province):
    for reach in ("ready", "incomplete"):
        request = RequestFactory(reach=reach)
        long_ago = clock.now() - 6 * YEAR
        stamps = {"ready_at": long_ago} if reach == "ready" else {"received_at": long_ago}
        ServiceRequest.objects.filter(pk=request.pk).update(**stamps)
    assert taken(dispose(by=SYSTEM))["applicants"] == 2


@pytest.mark.parametrize("is_on_person", [True, False])
def test_a_hold_keeps_everything_until_it_is_lifted_or_over(province, is_on_person):
    request = full_file()
    admin = staff("administrator")
    hold = place_hold(request.pk, by=admin, reason="តុលាការ", is_on_person=is_on_person)
    run = dispose(by=SYSTEM)
    assert taken(run) == {}
    assert run.report["applicants"]["held"] == run.report["files"]["held"] == 1
    assert Note.objects.get().text != "—"
    lift_hold(hold.pk, by=admin)
    place_hold(request.pk, by=admin, reason="សវនកម្ម", until=clock.today())
    assert taken(dispose(by=SYSTEM)) == {}
    LegalHold.objects.filter(lifted_at=None).update(until=clock.today() - timedelta(days=1))
    assert taken(dispose(by=SYSTEM))["applicants"] == 1
    assert {hold.reason for hold in LegalHold.objects.all()} == {"—"}
    verbs = AuditEntry.objects.values_list("verb", flat=True)
    assert {"place_hold", "lift_hold", "dispose", "start_disposal", "finish_disposal"} <= set(verbs)


def test_a_hold_needs_a_reason_a_coming_day_and_somebody_to_hold(province):
    request = full_file()
    admin, clerk = staff("administrator"), staff("information_officer")
    with pytest.raises(NotAllowed):
        place_hold(request.pk, by=clerk, reason="x")
    with pytest.raises(Invalid) as refused:
        place_hold(request.pk, by=admin, reason=" ", until=clock.today() - timedelta(days=1))
    assert set(refused.value.fields) == {"reason", "until"}
    dispose(by=SYSTEM)
    with pytest.raises(InvalidTransition):
        place_hold(request.pk, by=admin, reason="x", is_on_person=True)
    with pytest.raises(NotFound):
        place_hold(0, by=admin, reason="x")


def test_a_run_that_broke_off_goes_on_where_it_stood(province, media):
    files = [full_file() for _ in range(3)]
    blocked = scan(files[1]).file_name
    path = media / province.schema_name / blocked
    path.unlink()
    (path / "full").mkdir(parents=True)  # what cannot be removed, as on a broken disk

    with pytest.raises(OSError, match="not empty"):
        dispose(by=SYSTEM, batch=1)
    broken = DisposalRun.objects.get()
    assert broken.finished_at is None
    assert broken.report["scans"]["taken"] == 1
    assert Document.objects.exclude(key_sealed=b"").exists()

    (path / "full").rmdir()
    run = dispose(by=SYSTEM, batch=2)
    assert run.pk == broken.pk
    assert taken(run) == dict.fromkeys(["scans", "files", "outcomes", "money", "applicants"], 3)
    assert traces() == set()


def test_a_run_takes_up_the_kind_at_which_it_was_cut_off(province):
    full_file()
    DisposalRun.objects.create(is_dry_run=False, place="outcomes", started_at=clock.now())
    run = dispose(by=SYSTEM)
    assert set(taken(run)) == {"outcomes", "money", "applicants"}
    assert set(run.report) == {str(kind) for kind in ORDER[ORDER.index(DataKind.OUTCOMES) :]}


def test_only_one_run_is_open_at_a_time(province):
    DisposalRun.objects.create(is_dry_run=False, started_at=clock.now())
    with pytest.raises(IntegrityError):
        DisposalRun.objects.create(is_dry_run=False, started_at=clock.now())


def test_history_of_an_older_register_is_left_alone(province):
    request = full_file()
    ServiceRequest.objects.filter(pk=request.pk).update(
        source="old", source_ref="1", applicant=None, created_at=clock.now()
    )
    assert "files" not in taken(dispose(by=SYSTEM))
    assert Disposal.objects.filter(kind="files").count() == 0
    assert RequestEvent.objects.filter(request=request).exists()


def test_what_runs_by_its_own_age_goes_too(province):
    from django.contrib.sessions.models import Session

    from services.desk.models import Ticket
    from services.escalation.models import Notice
    from services.offices.models import Closure, Office
    from tests.factories import UserFactory

    now, office = clock.now(), Office.objects.first()
    for age in (366, 364):
        then = now - timedelta(days=age)
        Ticket.objects.create(office=office, day=then.date(), number=1, issued_at=then)
        closure = Closure.objects.create(
            office=office, day=then.date(), reason_km="ទឹក", recorded_at=then
        )
        Notice.objects.create(user=UserFactory(), kind="closure", closure=closure, created_at=then)
    for hours in (25, 23):
        Session.objects.create(
            session_key=f"s{hours}", session_data="x", expire_date=now - timedelta(hours=hours)
        )
    assert taken(dispose(by=system_actor("x"))) == {"notices": 1, "tickets": 1, "sessions": 1}
    assert Session.objects.get().session_key == "s23"
    assert Ticket.objects.count() == Notice.objects.count() == 1


def test_the_person_can_come_again_afterwards(province):
    ended(someone(delivered=True), 6 * YEAR)
    dispose(by=SYSTEM)
    again = someone()
    assert again.applicant.full_name
    assert Applicant.objects.exclude(full_name="").count() == 1
