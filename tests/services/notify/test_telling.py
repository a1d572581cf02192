"""Messages of events: each event and follower once, afterwards, in their language, no names."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from services.cashier.tenders import Tender
from services.catalogue.models import ServiceVersion
from services.catalogue.queries import terms
from services.desk.actions.registering import register_at_desk
from services.notify.actions import refuse_address, tell
from services.notify.kinds import Channel, EndReason, FollowingState, MessageKind
from services.notify.models import Following, Message, TellingCursor
from services.notify.sms import parts_of
from services.notify.texts import Matter, Place, own_link, wording
from services.offices.actors import system_actor
from services.offices.models import Office
from services.offices.queries import office
from services.requests import actions
from services.requests.codes import format_code
from services.requests.intake import RepresentationDetails
from services.requests.kinds import PauseReason
from services.requests.models import RequestEvent
from tests.factories import MONDAY, IntakeFactory, RequestFactory, finish
from tests.services.cashier.test_concurrency import real
from tests.services.notify.cast import CHAT, NUMBER, carry, chat_follows, phone_follows

SYSTEM = system_actor("tests")
LATER = MONDAY + timedelta(hours=1)


__all__ = ["real"]


def test_a_follower_is_told_each_step_once_in_the_chosen_language(real, air):
    request = RequestFactory()
    chat_follows(request)
    carry()
    assert air.book.on(str(CHAT)) == []
    actions.advance_request(request.pk, by=SYSTEM, seen_visit_id=None, now=LATER)
    actions.pause_request(request.pk, by=SYSTEM, reason=PauseReason.CORRECTION, now=LATER)
    actions.resume_request(request.pk, by=SYSTEM, now=LATER)
    finish(request.pk, by=SYSTEM, now=LATER)
    carry()
    carry()
    kinds = list(Message.objects.order_by("pk").values_list("kind", flat=True))
    assert kinds[:3] == [MessageKind.STAGE, MessageKind.WAITING, MessageKind.GOING_ON]
    assert kinds[-1] == MessageKind.READY
    texts = air.book.on(str(CHAT))
    assert len(texts) == len(kinds)
    assert "Waiting for you: Something in the papers must be corrected." in texts[1]
    assert "Ready. Collect it at" in texts[-1]
    assert "Open:" in texts[-1]
    name = request.applicant.full_name
    assert all(format_code(request.tracking_code) in text and name not in text for text in texts)


def test_an_event_told_twice_is_refused_by_the_database(real, air):
    request = RequestFactory()
    following = chat_follows(request)
    actions.advance_request(request.pk, by=SYSTEM, seen_visit_id=None, now=LATER)
    tell()
    told = Message.objects.get(event__isnull=False)
    TellingCursor.objects.update(xact_id=0, event_id=0)
    assert tell() == 1  # it was looked at again, and written no second time
    assert Message.objects.filter(following=following).count() == 1
    told.pk = None
    told.reference = "00000000-0000-0000-0000-000000000001"
    with pytest.raises(IntegrityError), transaction.atomic():
        told.save(force_insert=True)


def test_the_history_is_not_told_to_those_who_follow_from_now_on(real, air):
    request = RequestFactory(in_progress=True)
    phone_follows(request)
    carry()
    assert air.book.on(NUMBER) == []


def test_a_consent_at_the_counter_begins_a_following_with_the_registration(real, air):
    intake = IntakeFactory()
    made = register_at_desk(intake, Tender(), by=SYSTEM, wants_notices=True, now=MONDAY)
    carry()
    (text,) = air.book.on(NUMBER)
    code = format_code(made.request.tracking_code)
    assert text.startswith(f"{code}: បានចុះបញ្ជី។ រួចរាល់ត្រឹម")
    following = Following.objects.get()
    assert text.endswith(own_link("01", following.pk))
    assert NUMBER.encode() not in bytes(following.address_sealed)
    assert parts_of(text) <= 2


def test_who_is_told_of_a_consent(real, air):
    person = RepresentationDetails(
        name="សុខ ចាន់",
        authority_kind="letter",
        phone="+85511222333",
        receives_notices=True,
    )
    represented = IntakeFactory(representation=person)
    register_at_desk(represented, Tender(), by=SYSTEM, wants_notices=True, now=MONDAY)
    register_at_desk(IntakeFactory(), Tender(), by=SYSTEM, now=MONDAY)
    carry()
    assert len(air.book.on("+85511222333")) == 1
    assert air.book.on(NUMBER) == []
    # Two applicants with one phone are told each of their own request.
    shared = [
        register_at_desk(IntakeFactory(), Tender(), by=SYSTEM, wants_notices=True, now=MONDAY)
        for _ in range(2)
    ]
    carry()
    codes = {format_code(made.request.tracking_code) for made in shared}
    assert {text[:16] for text in air.book.on(NUMBER)} == codes
    # A number that refused is not begun again.
    refuse_address(Channel.SMS, NUMBER)
    register_at_desk(IntakeFactory(), Tender(), by=SYSTEM, wants_notices=True, now=MONDAY)
    carry()
    following = Following.objects.latest("pk")
    assert (following.state, following.end_reason) == (FollowingState.ENDED, EndReason.BLOCKED)
    assert len(air.book.on(NUMBER)) == 2


def test_events_older_than_three_days_are_no_news(real, air):
    request = RequestFactory()
    following = chat_follows(request)
    actions.advance_request(request.pk, by=SYSTEM, seen_visit_id=None, now=LATER)
    newest = RequestEvent.objects.latest("pk")
    RequestEvent.objects.bulk_create(
        [
            RequestEvent(
                request_id=request.pk,
                kind="advanced",
                occurred_at=LATER,
                occurred_on=LATER.date(),
                recorded_at=newest.recorded_at - timedelta(days=4),
                office_id=request.office_id,
                service_id=request.service_id,
                service_version_id=request.service_version_id,
            )
        ]
    )
    assert tell() == 1
    assert Message.objects.filter(following=following).count() == 1


@pytest.mark.parametrize("language", ["km", "en"])
def test_every_text_about_every_service_and_office_fits_two_parts(province, language, settings):
    settings.PUBLIC_URL = "https://track.owso.gov.kh"
    link = own_link("01", 99_999_999)
    versions = [terms(pk) for pk in ServiceVersion.objects.values_list("pk", flat=True)[:60]]
    places = [office(pk) for pk in Office.objects.values_list("pk", flat=True)]
    for kind in set(MessageKind) - {MessageKind.CONFIRM, MessageKind.ANSWER}:
        for version in versions:
            stages = [stage.code for stage in version.stages]
            for found in places[:3]:
                matter = Matter(
                    kind=kind,
                    tracking_code="01K7Q4M7TD3XC",
                    service_version_id=version.id,
                    place=Place(found.name_km, found.name_en),
                    stage_left=stages[0],
                    stage_entered=stages[-1],
                    day=MONDAY,
                    reason=PauseReason.CORRECTION,
                )
                made = wording(matter, channel=Channel.SMS, language=language, link=link)
                assert made.parts <= 2, made.text
                assert link in made.text
