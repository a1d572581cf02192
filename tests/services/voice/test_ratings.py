"""Ratings: after the collection, once, by the score card, without a name."""

import pytest
from django.db import DatabaseError, transaction

from owso.errors import AlreadyDone, Invalid, InvalidTransition, NotFound
from services.voice.actions import rate_request
from services.voice.kinds import Criterion
from services.voice.models import Rating, RatingScore
from services.voice.queries import FEWEST_RATINGS, score_card
from tests import factories
from tests.factories import MONDAY

CARD = {"staff": 5, "fees": 3}


def test_a_collected_request_is_rated_once(province):
    request = factories.RequestFactory(delivered=True)
    rating = rate_request(request.tracking_code, {**CARD, "nonsense": 1}, now=MONDAY)
    assert (rating.office_id, rating.rated_on) == (request.office_id, MONDAY.date())
    assert dict(rating.scores.values_list("criterion", "score")) == CARD
    with pytest.raises(AlreadyDone):
        rate_request(request.tracking_code, CARD)
    for change in (
        lambda: RatingScore.objects.update(score=1),
        lambda: Rating.objects.all().delete(),
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            change()


def test_what_is_not_collected_unknown_or_empty_is_not_rated(province):
    with pytest.raises(InvalidTransition):
        rate_request(factories.RequestFactory(ready=True).tracking_code, CARD)
    with pytest.raises(NotFound):
        rate_request("0100000000000", CARD)
    code = factories.RequestFactory(delivered=True).tracking_code
    for scores in ({}, {"staff": 6}, {"staff": 0}, {"nonsense": 3}):
        with pytest.raises(Invalid):
            rate_request(code, scores)


def test_the_score_card_is_shown_from_five_ratings_on(province):
    office = factories.district_office()
    for number in range(FEWEST_RATINGS):
        assert score_card([office], MONDAY.date(), MONDAY.date()) == (number, [])
        code = factories.RequestFactory(delivered=True).tracking_code
        rate_request(code, {"staff": 1 + number, "fees": 4} if number else {"staff": 1}, now=MONDAY)
    total, lines = score_card([office], MONDAY.date(), MONDAY.date())
    assert total == FEWEST_RATINGS
    # Four answered the line of the fees: too few for a line.
    assert [(line.criterion, line.count, line.mean) for line in lines] == [(Criterion.STAFF, 5, 3)]
    assert score_card([factories.unit()], MONDAY.date(), MONDAY.date()) == (0, [])
