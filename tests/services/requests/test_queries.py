"""Queues, files and searches: each limited to what one may see."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from owso.errors import NotFound
from services.catalogue.models import Sector
from services.catalogue.queries import terms as terms_of
from services.offices.actors import system_actor
from services.requests.codes import format_code
from services.requests.models import ServiceRequest
from services.requests.queries import (
    counts_by_state,
    events_of,
    newest,
    queue,
    request_by_code,
    request_seen_by,
    search,
)
from services.requests.states import State
from tests.factories import (
    MONDAY,
    ApplicantDetailsFactory,
    IntakeFactory,
    RequestFactory,
    district_office,
    staff,
    unit,
)

SYSTEM = system_actor("tests")


def ids(rows):
    return [row.id for row in rows]


def test_the_queue_is_ordered_by_the_legal_limit(province):
    later = RequestFactory(started=MONDAY + timedelta(days=1))
    sooner = RequestFactory()

    assert ids(queue(SYSTEM).rows) == [sooner.pk, later.pk]


def test_the_queue_is_paged_without_gaps_or_repetitions(province):
    made = sorted(RequestFactory().pk for _ in range(7))
    seen, after = [], None
    while True:
        page = queue(SYSTEM, after=after, limit=3)
        seen += ids(page.rows)
        after = page.following
        if after is None:
            break

    assert seen == made


def test_finished_and_incomplete_requests_are_not_in_the_queue(province):
    for state in ("incomplete", "ready", "delivered", "rejected", "withdrawn"):
        RequestFactory(**{state: True})

    assert queue(SYSTEM).rows == ()


def test_the_queue_of_an_office_shows_its_own(province):
    RequestFactory()
    at_the_unit = RequestFactory(intake=IntakeFactory(office_id=unit()))

    assert ids(queue(staff("chief", office_id=unit())).rows) == [at_the_unit.pk]
    assert len(queue(staff("administrator")).rows) == 2
    assert queue(staff()).rows == ()


def test_an_agent_sees_the_requests_of_the_own_sector(province):
    request = RequestFactory()
    own = terms_of(request.service_version_id).sector_id
    other = Sector.objects.exclude(pk=own).first().pk

    assert ids(queue(staff("agent", sector_id=own)).rows) == [request.pk]
    assert queue(staff("agent", sector_id=other)).rows == ()
    assert queue(SYSTEM, sector_id=other).rows == ()


def test_names_are_masked_in_lists(province):
    details = ApplicantDetailsFactory(full_name="Sok Dara")
    RequestFactory(intake=IntakeFactory(applicant=details))

    assert queue(SYSTEM).rows[0].applicant == "S… D…"


def test_a_page_of_the_queue_costs_one_query(province):
    RequestFactory()
    queue(SYSTEM)
    for _ in range(5):
        RequestFactory()

    with CaptureQueriesContext(connection) as queries:
        assert len(queue(SYSTEM).rows) == 6

    assert len(queries) == 1


def test_overdue_is_said_of_running_requests_only(province):
    late, waiting = RequestFactory(overdue=True), RequestFactory(waiting=True)
    row = {each.id: each for each in queue(SYSTEM).rows}

    assert row[late.pk].is_overdue(MONDAY)
    assert not row[waiting.pk].is_overdue(MONDAY + timedelta(days=900))
    assert ServiceRequest.objects.get(pk=late.pk).is_overdue(MONDAY)


@pytest.mark.parametrize(
    "typed",
    ["ដារ៉ា មាស", "ដារ៉ា \u200bមាស", "012 999 888", "០១២ ៩៩៩ ៨៨៨", "+855 12 999 888"],
)
def test_a_request_is_found_by_name_or_phone(province, typed):
    RequestFactory()
    details = ApplicantDetailsFactory(full_name="ដារ៉ា មាស", phone="012 999 888")
    wanted = RequestFactory(intake=IntakeFactory(applicant=details))

    assert wanted.pk in ids(search(SYSTEM, typed))


def test_a_request_is_found_by_its_printed_code(province):
    wanted = RequestFactory()
    RequestFactory()

    assert ids(search(SYSTEM, format_code(wanted.tracking_code).lower())) == [wanted.pk]


@pytest.mark.parametrize("typed", ["271828182", "២៧១ ៨២៨ ១៨២", "271-828-182"])
def test_a_request_is_found_by_the_number_of_the_identity_card(province, typed):
    RequestFactory()
    details = ApplicantDetailsFactory(id_number="271828182")
    wanted = RequestFactory(intake=IntakeFactory(applicant=details))

    assert ids(search(SYSTEM, typed)) == [wanted.pk]


def test_a_number_that_is_both_a_phone_and_a_paper_finds_both(province):
    by_phone = RequestFactory(
        intake=IntakeFactory(applicant=ApplicantDetailsFactory(phone="012 999 888"))
    )
    by_paper = RequestFactory(
        intake=IntakeFactory(applicant=ApplicantDetailsFactory(id_number="012999888"))
    )

    assert ids(search(SYSTEM, "012999888")) == [by_paper.pk, by_phone.pk]


def test_both_spellings_of_a_name_find_it(province):
    details = ApplicantDetailsFactory(full_name="ស្ដុង ត្រែង")
    wanted = RequestFactory(intake=IntakeFactory(applicant=details))

    assert ids(search(SYSTEM, "ស្តុង")) == [wanted.pk]


def test_a_search_shows_only_what_one_may_see(province):
    wanted = RequestFactory()

    assert search(staff("chief", office_id=unit()), wanted.tracking_code) == ()
    assert search(SYSTEM, "x") == ()


def test_open_requests_are_counted_by_state(province):
    RequestFactory()
    RequestFactory(waiting=True)
    RequestFactory(delivered=True)

    counts = counts_by_state(SYSTEM, office_id=district_office())

    assert counts == {State.REGISTERED: 1, State.WAITING: 1}


def test_a_file_of_another_office_is_not_found(province):
    request = RequestFactory()
    stranger = staff("chief", office_id=unit())

    assert request_by_code(SYSTEM, request.tracking_code).pk == request.pk
    for look in (
        lambda: request_seen_by(stranger, request.pk),
        lambda: request_by_code(stranger, request.tracking_code),
    ):
        with pytest.raises(NotFound):
            look()


def test_the_history_is_in_order_and_the_newest_come_first(province):
    first, second = RequestFactory(delivered=True), RequestFactory()

    kinds = [event.kind for event in events_of(first)]
    assert kinds[:2] == ["registered", "paid"]
    assert kinds[-2:] == ["ready", "delivered"]
    assert ids(newest(SYSTEM, office_id=district_office())) == [second.pk, first.pk]
