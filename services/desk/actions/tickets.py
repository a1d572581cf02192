"""The queue of the waiting room: a number for each citizen, called one after the other."""

from datetime import datetime

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext_lazy as _

from owso.accounts.permissions import Verb
from owso.audit.actions import record
from owso.errors import NotFound
from services.desk.models import Ticket
from services.offices.actors import Actor
from services.offices.models import Office
from tenants import clock


def issue_ticket(*, by: Actor, office_id: int, now: datetime | None = None) -> Ticket:
    """Give the next number of the day at an office; two desks never give the same one."""
    by.require(Verb.REGISTER, office_id=office_id)
    moment = now or clock.now()
    day = clock.local_day(moment)
    with transaction.atomic():
        _lock(office_id)
        last = Ticket.objects.filter(office_id=office_id, day=day).aggregate(Max("number"))
        ticket = Ticket(
            office_id=office_id, day=day, number=(last["number__max"] or 0) + 1, issued_at=moment
        )
        ticket.save(force_insert=True)
        record("issue_ticket", ticket, by=by, number=ticket.number)
    return ticket


def call_next(*, by: Actor, office_id: int, now: datetime | None = None) -> Ticket:
    """Call the lowest number that waits; raises NotFound when nobody does."""
    by.require(Verb.REGISTER, office_id=office_id)
    moment = now or clock.now()
    with transaction.atomic():
        _lock(office_id)
        waiting = Ticket.objects.filter(
            office_id=office_id, day=clock.local_day(moment), called_at__isnull=True
        )
        ticket = waiting.order_by("number").first()
        if ticket is None:
            raise NotFound("nobody_waits", _("Nobody is waiting with a number."))
        ticket.called_at, ticket.called_by_id = moment, by.user_id
        ticket.save(update_fields=["called_at", "called_by"])
        record("call_ticket", ticket, by=by, number=ticket.number)
    return ticket


def _lock(office_id: int) -> None:
    list(Office.objects.select_for_update(of=("self",)).filter(pk=office_id).values_list("pk"))
