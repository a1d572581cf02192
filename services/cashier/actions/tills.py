"""The day of a till: opened with a float, counted blind, a difference approved, closed.

The till's row is locked first. A payment holds a share lock of it, so whoever counts waits for
payments under way, and what is expected is added up after that.
"""

from collections.abc import Callable
from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from owso.accounts.permissions import Verb
from owso.audit.actions import record
from owso.errors import AlreadyDone, Conflict, InvalidTransition, NotAllowed, NotFound
from services.cashier.drawers import Drawer, check_float
from services.cashier.models import IN_HAND, OfficeMoney, TillCount, TillSession, TillState
from services.cashier.taking import left_open
from services.cashier.tills import figures_of, till_in_hand
from services.offices.actors import Actor
from services.offices.models import Counter
from services.requests.texts import Fields, checked_now, clean_note
from tenants import clock

_COUNT = ("counted_riel", "counted_cents", "expected_riel", "expected_cents", "counted_by")


def open_till(
    office_id: int,
    counter_id: int,
    *,
    float_riel: int,
    float_cents: int,
    by: Actor,
    now: datetime | None = None,
) -> TillSession:
    """Open a till at a counter with the money that lies in it; one a cashier, one a counter.

    With its first till an office begins to take cash at open tills only. Raises Conflict for
    a counter in use and for a till of an earlier day that is still open.
    """
    moment = checked_now(now)
    by.require(Verb.TAKE_PAYMENT, office_id=office_id)
    if by.user_id is None:
        raise NotAllowed("not_allowed", _("Only a person can hold a till."))
    check_float(float_riel, float_cents)
    if not Counter.objects.filter(pk=counter_id, office_id=office_id).exists():
        raise NotFound
    try:
        with transaction.atomic():
            _start_tills(office_id, moment)
            _check_free(counter_id, by=by, now=moment)
            till = TillSession.objects.create(
                office_id=office_id,
                counter_id=counter_id,
                cashier_id=by.user_id,
                opened_on=clock.local_day(moment),
                opened_at=moment,
                float_riel=float_riel,
                float_cents=float_cents,
            )
            record("open_till", till, by=by, float_riel=float_riel, float_cents=float_cents)
    except IntegrityError as error:
        # The same person at two offices in one moment: the first of the two has the till.
        raise AlreadyDone("till_open", _("You have an open till already.")) from error
    return till


def count_till(
    till_id: int, drawer: Drawer, *, by: Actor, now: datetime | None = None
) -> TillSession:
    """Write down what was counted in a drawer; from now on it takes no more money.

    An exact count closes the till. With a difference the till waits for the reason. Its own
    cashier counts; whoever checks tills may count one that was left behind.
    """
    moment = checked_now(now)
    drawer.check()
    with transaction.atomic():
        till = _locked(till_id, by=by)
        if till.state not in {TillState.OPEN, TillState.RECOUNT}:
            raise AlreadyDone("till_counted", _("This till has been counted already."))
        _note_count(till, drawer, by=by, now=moment)
        if till.is_exact:
            _close(till, now=moment)
        else:
            till.state = TillState.COUNTED
        till.save(update_fields=[*_COUNT, "state", "reason", "closed_at", "z_number"])
        riel, cents = till.difference
        record("count_till", till, by=by, riel=riel, cents=cents)
    return till


def explain_difference(till_id: int, reason: str, *, by: Actor) -> TillSession:
    """Say why the count differs, and hand the till to the chief."""
    fields = Fields()
    reason = clean_note(reason, field="reason", fields=fields, is_required=True)
    fields.refuse()
    with transaction.atomic():
        till = _locked(till_id, by=by)
        if by.user_id not in {till.cashier_id, till.counted_by_id}:
            raise NotAllowed("not_allowed", _("Whoever counted the till gives the reason."))
        _check_state(till, TillState.COUNTED)
        till.state, till.reason = TillState.WAITING, reason
        till.save(update_fields=["state", "reason"])
        record("explain_difference", till, by=by)
    return till


def approve_difference(till_id: int, *, by: Actor, now: datetime | None = None) -> TillSession:
    """Accept a difference as a second person; the till is closed and gets its Z-report."""
    moment = checked_now(now)

    def act(till: TillSession) -> None:
        _check_state(till, TillState.WAITING)
        till.approved_by_id = by.user_id
        _close(till, now=moment)

    return _decide(till_id, "approve_difference", act, by=by)


def order_recount(till_id: int, *, by: Actor) -> TillSession:
    """Send a till with a difference back to be counted once more; every count stays written."""

    def act(till: TillSession) -> None:
        _check_state(till, TillState.WAITING)
        held = till_in_hand(till.cashier_id)
        if held is not None:
            raise Conflict(
                "till_open",
                _("The cashier has opened another till. Count that one first."),
            )
        till.state = TillState.RECOUNT

    return _decide(till_id, "order_recount", act, by=by)


def _decide(
    till_id: int, verb: str, act: Callable[[TillSession], None], *, by: Actor
) -> TillSession:
    with transaction.atomic():
        till = _locked(till_id, by=by)
        by.require(Verb.CHECK_TILL, office_id=till.office_id)
        if by.user_id is None or by.user_id in {till.cashier_id, till.counted_by_id}:
            raise NotAllowed("second_person", _("A second person must approve this."))
        act(till)
        till.save(update_fields=["state", "approved_by", "closed_at", "z_number"])
        record(verb, till, by=by)
    return till


def _locked(till_id: int, *, by: Actor) -> TillSession:
    till = TillSession.objects.select_for_update().filter(pk=till_id).first()
    if till is None:
        raise NotFound
    is_own = by.user_id is not None and till.cashier_id == by.user_id
    if not is_own and not by.may(Verb.CHECK_TILL, office_id=till.office_id):
        raise NotFound
    return till


def _check_state(till: TillSession, state: TillState) -> None:
    if till.state == state:
        return
    if till.state == TillState.CLOSED:
        raise AlreadyDone("till_closed", _("This till is closed already."))
    raise InvalidTransition(
        "till_state", _("This is not possible now. Look at the till again."), state=till.state
    )


def _note_count(till: TillSession, drawer: Drawer, *, by: Actor, now: datetime) -> None:
    if by.user_id is None:
        raise NotAllowed("not_allowed", _("Only a person can hold a till."))
    figures = figures_of(till)
    till.counted_by_id = by.user_id
    till.reason = ""
    till.counted_riel, till.counted_cents = drawer.total_riel, drawer.total_cents
    till.expected_riel, till.expected_cents = figures.expected_riel, figures.expected_cents
    TillCount.objects.create(
        session=till,
        counted_by_id=by.user_id,
        counted_at=now,
        riel={str(value): pieces for value, pieces in drawer.riel.items() if pieces},
        cents={str(value): pieces for value, pieces in drawer.cents.items() if pieces},
        counted_riel=drawer.total_riel,
        counted_cents=drawer.total_cents,
        expected_riel=figures.expected_riel,
        expected_cents=figures.expected_cents,
    )


def _close(till: TillSession, *, now: datetime) -> None:
    """Close a locked till under the next Z-number of its office, gapless by the row's lock."""
    money = OfficeMoney.objects.select_for_update().get(pk=till.office_id)
    money.last_z_number += 1
    money.save(update_fields=["last_z_number"])
    till.state, till.closed_at, till.z_number = TillState.CLOSED, now, money.last_z_number


def _start_tills(office_id: int, now: datetime) -> None:
    """Lock the office's money row, making it if need be; the first till sets the beginning."""
    OfficeMoney.objects.get_or_create(office_id=office_id)
    money = OfficeMoney.objects.select_for_update().get(pk=office_id)
    if money.tills_since is None:
        money.tills_since = now
        money.save(update_fields=["tills_since"])


def _check_free(counter_id: int, *, by: Actor, now: datetime) -> None:
    own = till_in_hand(by.user_id)
    if own is not None:
        if own.opened_on < clock.local_day(now):
            raise left_open(own)
        raise AlreadyDone("till_open", _("You have an open till already."))
    other = (
        TillSession.objects.select_related("cashier")
        .filter(counter_id=counter_id, state__in=IN_HAND)
        .first()
    )
    if other is not None:
        raise Conflict(
            "counter_in_use",
            _(
                "%(who)s has a till at this counter that is not closed yet. Choose another"
                " counter, or have it counted first."
            )
            % {"who": other.cashier.full_name_km},
        )
