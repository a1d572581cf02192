"""Posting the dollar rate."""

from datetime import date

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from owso.accounts.permissions import Verb
from owso.audit.actions import record
from owso.errors import Conflict, Invalid
from services.cashier.models import RIEL_PER_DOLLAR_MAX, RIEL_PER_DOLLAR_MIN, ExchangeRate
from services.offices.actors import Actor
from tenants import clock


def post_rate(posted_on: date, riel_per_dollar: int, *, by: Actor, office_id: int) -> ExchangeRate:
    """Post the dollar rate of a day; a day that has payments in dollars keeps its rate."""
    by.require(Verb.POST_RATE, office_id=office_id)
    if not RIEL_PER_DOLLAR_MIN <= riel_per_dollar <= RIEL_PER_DOLLAR_MAX:
        message = _("Enter a rate between 1,000 and 20,000 riel for a dollar.")
        raise Invalid("rate_invalid", message, fields={"riel_per_dollar": message})
    if posted_on > clock.today():
        message = _("A rate can be posted for today or an earlier day.")
        raise Invalid("rate_in_future", message, fields={"posted_on": message})
    with transaction.atomic():
        rate, is_new = ExchangeRate.objects.get_or_create(
            posted_on=posted_on,
            defaults={"riel_per_dollar": riel_per_dollar, "posted_by_id": by.user_id},
        )
        if is_new:
            facts = {"posted_on": posted_on.isoformat(), "riel_per_dollar": riel_per_dollar}
            record("post_rate", rate, by=by, office_id=office_id, **facts)
    if not is_new and rate.riel_per_dollar != riel_per_dollar:
        raise Conflict("rate_posted", _("Another rate is posted for this day already."))
    return rate
