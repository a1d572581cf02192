"""Rating a request whose result was collected."""

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from owso.audit.actions import record
from owso.errors import AlreadyDone, Invalid, InvalidTransition, NotFound
from services.requests.models import ServiceRequest
from services.requests.states import State
from services.voice.actions.saying import CITIZEN
from services.voice.kinds import Criterion, Score
from services.voice.models import Rating, RatingScore
from tenants import clock


def rate_request(
    tracking_code: str, scores: Mapping[str, int], *, now: datetime | None = None
) -> Rating:
    """Keep how a citizen found a collected request, once for all.

    Raises NotFound for an unknown code, InvalidTransition before the collection, AlreadyDone
    for a second rating, Invalid for an empty card.
    """
    known = {name: score for name, score in scores.items() if name in Criterion.values}
    if not known or not set(known.values()) <= set(Score.values):
        message = _("Choose an answer on at least one line.")
        raise Invalid("rating_empty", message, fields={"scores": message})
    moment = now or clock.now()
    with transaction.atomic():
        request = ServiceRequest.objects.select_for_update().filter(tracking_code=tracking_code)
        found = request.first()
        if found is None:
            raise NotFound
        if found.state != State.DELIVERED:
            message = _("You can rate a request once its result has been collected.")
            raise InvalidTransition("not_collected", message)
        if Rating.objects.filter(request=found).exists():
            message = _("This request has been rated already. Thank you.")
            raise AlreadyDone("already_rated", message)
        rating = Rating.objects.create(
            request=found, office_id=found.office_id, rated_on=clock.local_day(moment)
        )
        RatingScore.objects.bulk_create(
            RatingScore(rating=rating, criterion=name, score=score)
            for name, score in sorted(known.items())
        )
        record("rate", rating, by=CITIZEN, lines=len(known))
    return rating
