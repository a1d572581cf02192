"""Who works on a file."""

import pytest

from owso.accounts.permissions import Role
from owso.audit.models import AuditEntry
from owso.errors import AlreadyDone, Conflict, Invalid, NotAllowed, NotFound
from services.casework.actions import assign_file, send_back, take_file
from services.casework.models import Assignment
from services.casework.queries import casework_of, colleagues
from services.requests.actions import advance_request, forward_request
from tests.factories import RequestFactory, district_office
from tests.services.casework.conftest import LATER, brought_to, stored


def test_an_agent_takes_a_file_and_taking_it_again_changes_nothing(agent):
    request = RequestFactory()

    take_file(request.pk, by=agent)
    take_file(request.pk, by=agent)

    assert casework_of(stored(request)).assignment.user_id == agent.user_id
    assert AuditEntry.objects.filter(verb="assign").count() == 1


def test_a_file_of_a_colleague_is_not_taken_and_the_name_is_told(agent, person):
    request = RequestFactory()
    take_file(request.pk, by=agent)

    with pytest.raises(Conflict, match="taken_by_colleague") as refused:
        take_file(request.pk, by=person(Role.AGENT))

    assert agent.name in str(refused.value.message)


def test_a_file_in_a_stage_of_another_role_is_not_taken(specialist):
    with pytest.raises(NotAllowed):
        take_file(RequestFactory().pk, by=specialist)


def test_the_chief_gives_a_file_to_somebody_else(agent, person, chief):
    request, other = RequestFactory(), person(Role.AGENT)
    take_file(request.pk, by=agent)

    assign_file(request.pk, to_user_id=other.user_id, by=chief)

    assert Assignment.objects.get().user_id == other.user_id
    assert Assignment.objects.get().given_by_id == chief.user_id


def test_a_file_is_given_only_to_somebody_with_the_role_of_its_stage_there(person, chief):
    request = RequestFactory()
    elsewhere = person(Role.AGENT, office_id=district_office(1))

    for stranger in (elsewhere, person(Role.CASHIER), chief):
        with pytest.raises(Invalid) as refused:
            assign_file(request.pk, to_user_id=stranger.user_id, by=chief)
        assert "person" in refused.value.fields
    assert not Assignment.objects.exists()


def test_an_agent_of_another_sector_is_no_colleague_for_a_file(agent, sector_id, chief):
    request = RequestFactory()
    found = colleagues(request.office_id, Role.AGENT, sector_id=sector_id)
    assert [each.id for each in found] == [agent.user_id]
    assert colleagues(request.office_id, Role.AGENT, sector_id=sector_id + 1) == ()


def test_only_the_chief_gives_files(agent, person):
    with pytest.raises(NotAllowed):
        assign_file(RequestFactory().pk, to_user_id=agent.user_id, by=agent)


def test_a_file_that_comes_back_lies_with_the_same_person_again(agent, chief):
    request = brought_to("draft")
    take_file(request.pk, by=agent)
    moved = advance_request(request.pk, by=agent, seen_visit_id=request.current_visit_id)
    assert casework_of(stored(request)).assignment is None

    send_back(
        request.pk,
        to_stage="draft",
        reason="ខ្វះលេខ",
        by=chief,
        seen_visit_id=moved.current_visit_id,
    )

    assert casework_of(stored(request)).assignment.user_id == agent.user_id


def test_a_file_forwarded_to_another_office_lies_with_nobody_there(agent):
    request = RequestFactory()
    take_file(request.pk, by=agent)
    forward_request(request.pk, by=agent, to_office_id=district_office(1), now=LATER)
    assert casework_of(stored(request)).assignment is None


def test_a_file_that_moved_on_meanwhile_is_not_taken(agent):
    request = RequestFactory()
    seen = request.current_visit_id
    advance_request(request.pk, by=agent, seen_visit_id=seen, now=LATER)
    with pytest.raises(AlreadyDone):
        take_file(request.pk, by=agent, seen_visit_id=seen)


def test_a_stranger_finds_no_file_to_take(person):
    stranger = person(Role.AGENT, office_id=district_office(1))
    with pytest.raises(NotFound):
        take_file(RequestFactory().pk, by=stranger)
