"""Two people press at the same moment, on real connections: once done, clearly told."""

from owso.accounts.permissions import Role
from owso.errors import AlreadyDone, Conflict
from services.casework.actions import save_draft, sign_outcome, take_file
from services.casework.models import Assignment, Draft, OutcomeDocument
from services.catalogue.queries import published_version
from services.requests.actions import advance_request
from services.requests.models import RequestEvent
from tenants import clock
from tests.factories import SERVICE, RequestFactory, staff
from tests.services.casework.conftest import brought_to
from tests.services.cashier.test_concurrency import at_once, kinds, real

__all__ = ["real"]


def hired(*roles):
    sector_id = published_version(SERVICE, on=clock.today()).sector_id
    return staff(*roles, sector_id=sector_id)


def test_two_signatories_at_once_sign_once(real):
    request, people = brought_to("sign"), [hired(Role.SIGNATORY) for _ in range(2)]
    seen = request.current_visit_id

    results = at_once(
        real,
        *[lambda by=by: sign_outcome(request.pk, by=by, seen_visit_id=seen) for by in people],
    )

    assert kinds(results) == ["AlreadyDone", "OutcomeDocument"]
    assert OutcomeDocument.objects.get().number == 1
    assert RequestEvent.objects.filter(request=request, stage_left="sign").count() == 1


def test_signing_many_at_once_leaves_no_gap_in_the_numbers(real):
    files = [brought_to("sign").pk for _ in range(8)]
    people = [hired(Role.SIGNATORY) for _ in range(4)]

    def sign(place):
        return lambda: [
            sign_outcome(pk, by=people[place]) for pk in files[place * 2 : place * 2 + 2]
        ]

    at_once(real, *[sign(place) for place in range(4)])

    numbers = OutcomeDocument.objects.order_by("number").values_list("number", flat=True)
    assert list(numbers) == list(range(1, 9))


def test_two_agents_taking_one_file_at_once_give_it_to_one(real):
    request, people = RequestFactory(), [hired(Role.AGENT) for _ in range(2)]

    results = at_once(real, *[lambda by=by: take_file(request.pk, by=by) for by in people])

    assert kinds(results) == ["Assignment", "Conflict"]
    assert Assignment.objects.count() == 1
    assert next(each for each in results if isinstance(each, Conflict)).code == "taken_by_colleague"


def test_a_draft_saved_while_a_colleague_finishes_the_stage_is_told(real):
    request, people = brought_to("draft"), [hired(Role.AGENT) for _ in range(2)]
    seen = request.current_visit_id

    results = at_once(
        real,
        lambda: advance_request(request.pk, by=people[0], seen_visit_id=seen),
        lambda: save_draft(request.pk, body="ព្រាង", by=people[1], seen_visit_id=seen),
    )

    late = [each for each in results if isinstance(each, AlreadyDone)]
    assert len(late) + Draft.objects.count() == 1
