"""The life of one invented request: each step writes the rows that its action would write.

Minutes are those of the axis of the office where the request is; see services.demo.axis.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from services.demo.axis import Days, WorkAxis
from services.demo.lines import FALSE, NULL, TRUE, Lines
from services.demo.offers import Choice, Fee, Offer
from services.demo.people import InventedApplicant
from services.requests.models import EventKind, Outcome
from services.requests.states import CLOCK_STOPPED, State

STOPPED = CLOCK_STOPPED.isoformat()
KHQR = "khqr"

# Plain text: asking an enumeration for its value a million times takes seconds.
(
    ADVANCED,
    DELIVERED,
    FORWARDED,
    PAID,
    PAUSED,
    READY,
    RECEIVED,
    REGISTERED,
    REJECTED,
    RESUMED,
    REVERSED,
    WITHDRAWN,
) = (
    kind.value
    for kind in (
        EventKind.ADVANCED,
        EventKind.DELIVERED,
        EventKind.FORWARDED,
        EventKind.PAID,
        EventKind.PAUSED,
        EventKind.READY,
        EventKind.RECEIVED,
        EventKind.REGISTERED,
        EventKind.REJECTED,
        EventKind.RESUMED,
        EventKind.REVERSED,
        EventKind.WITHDRAWN,
    )
)


@dataclass(frozen=True, slots=True)
class Place:
    """An office in the history: its working time, what it offers, who works there."""

    id: int
    axis: WorkAxis
    offers: Choice[Offer]
    staff: Mapping[str, int]
    agents: Mapping[int, int]

    def handler(self, role: str, sector_id: int) -> int | str:
        """Return who acts in a role, as COPY reads it; nobody where no accounts were made."""
        return (self.agents.get(sector_id) if role == "agent" else self.staff.get(role)) or NULL


@dataclass(slots=True)
class Case:
    """What does not change in a request's life; not frozen, because millions are made."""

    id: int
    code: str
    key: str
    payment_key: str
    content_hash: str
    applicant: InventedApplicant
    place: Place
    offer: Offer
    fee: Fee
    quantity: int
    received: int

    @property
    def amount_riel(self) -> int:
        """The fee, always all of what the catalogue allows."""
        return self.fee.unit_riel * self.quantity


@dataclass(frozen=True, slots=True)
class Coin:
    """How a fee is paid: method, currency, tendered cents and rate as COPY reads them."""

    method: str
    currency: str
    cents: int | str = NULL
    rate_id: int | str = NULL


class Life:
    """A request on its way, with the rows of every step taken so far in `lines`."""

    def __init__(self, case: Case, lines: Lines, days: Days) -> None:
        self.case = case
        self.place = case.place
        self.state = State.INCOMPLETE
        self.stage = 0
        self.due = 0
        self.payment_id: int | None = None
        self._lines = lines
        self._days = days
        self._moments = days.moments
        self._events = lines.tables["requests_requestevent"]
        self._visits = lines.tables["requests_stagevisit"]
        self._version = 1
        self._sequence = 0
        self._registered: int | None = None
        self._promised = 0
        self._paused_minutes = 0
        self._ready = self._delivered = self._closed = NULL
        self._visit_id = 0
        self._entered = 0
        self._stage_due = 0

    def receive(self) -> None:
        """Give the request a tracking code; its papers are missing."""
        self._event(RECEIVED, self.case.received)

    def register(self, minute: int, coin: Coin) -> None:
        """Start the clock and the first stage, and take the fee."""
        offer, axis = self.case.offer, self.place.axis
        if minute > self.case.received:  # papers completed, then paid: two changes
            self._version += 2 if self.case.amount_riel else 1
        self._registered = minute
        self.due = axis.close_after(minute, offer.limit_days)
        self._promised = min(self.due, axis.add(minute, offer.plan_minutes))
        self.state = State.REGISTERED
        self._enter(0, minute)
        code = offer.stages[0].code
        self._event(REGISTERED, minute, entered=code, after=self._due_on())
        self._charge(minute, coin)

    def advance(self, minute: int, *, is_return: bool = False) -> None:
        """Leave the stage for the next one (or the one before), or be ready after the last."""
        offer, due_on = self.case.offer, self._due_on()
        left = self._leave(minute, Outcome.RETURNED if is_return else Outcome.DONE)
        goal = self.stage - 1 if is_return else self.stage + 1
        if goal == len(offer.stages):
            self._be_ready(minute, left, due_on)
            return
        self.state = State.IN_PROGRESS if goal else State.REGISTERED
        self._enter(goal, minute)
        code = offer.stages[goal].code
        self._event(ADVANCED, minute, left=left, entered=code, before=due_on, after=due_on)

    def pause(self, minute: int, until: int | None, *, reason: str) -> None:
        """Stop the clock; `until` None: the citizen has not come yet."""
        due_on = self._due_on()
        ended_at = NULL if until is None else self._moments[until]
        started_at = self._moments[minute]
        self._lines.add(
            "requests_pause", self.case.id, self._visit_id, reason, "", started_at, ended_at
        )
        self._version += 1
        self._event(PAUSED, minute, before=due_on, after=STOPPED)
        if until is None:
            self.state = State.WAITING
            return
        axis = self.place.axis
        minutes = axis.before[until] - axis.before[minute]
        self._paused_minutes += minutes
        self.due = axis.add(self.due, minutes)
        self._promised = min(axis.add(self._promised, minutes), self.due)
        self._stage_due = axis.add(self._stage_due, minutes)
        self._version += 1
        self._event(RESUMED, until, before=STOPPED, after=self._due_on())

    def forward(self, minute: int, place: Place) -> None:
        """Go on at another office, where the stage begins again."""
        left, office_before = self._leave(minute, Outcome.FORWARDED), self.place.id
        self.place = place
        self._enter(self.stage, minute)
        code, due_on = self.case.offer.stages[self.stage].code, self._due_on()
        self._event(
            FORWARDED,
            minute,
            left=left,
            entered=code,
            before=due_on,
            after=due_on,
            office_before=office_before,
        )

    def deliver(self, minute: int) -> None:
        """Be collected by the applicant."""
        moment = self._moments[minute]
        self.state = State.DELIVERED
        self._delivered = self._closed = moment
        self._version += 1
        clerk = self.place.handler("information_officer", self.case.offer.sector_id)
        self._lines.add(
            "requests_collection",
            self.case.id,
            self.case.applicant.name_sealed,
            TRUE,
            "",
            NULL,
            moment,
            clerk,
        )
        self._event(DELIVERED, minute)

    def end(self, minute: int, state: State, *, note: str) -> None:
        """Be rejected or withdrawn in the middle of a stage."""
        is_rejected = state == State.REJECTED
        due_on = self._due_on()
        stage = self.case.offer.stages[self.stage]
        role = stage.actor_role if is_rejected else "information_officer"
        left = self._leave(
            minute, Outcome.REJECTED if is_rejected else Outcome.WITHDRAWN, role=role
        )
        clerk = self.place.handler(role, self.case.offer.sector_id)
        moment = self._moments[minute]
        self.state, self._closed = state, moment
        self._lines.add("requests_ending", self.case.id, note, clerk, moment)
        kind = REJECTED if is_rejected else WITHDRAWN
        was_late = _bool(minute > self.due) if is_rejected else NULL
        self._event(kind, minute, left=left, before=due_on, was_late=was_late)

    def reverse(self, minute: int, *, reason: str) -> None:
        """Give the fee back, approved by the office chief; needs both people."""
        asker, approver = self.place.staff.get("cashier"), self.place.staff.get("chief")
        if self.payment_id is None or asker is None or approver is None or asker == approver:
            return
        amount, moment = self.case.amount_riel, self._moments[minute]
        self._lines.add(
            "cashier_reversalrequest",
            *(self.payment_id, amount, reason, "", asker, moment, "approved", approver, moment),
        )
        self._lines.add(
            "cashier_reversal", self.payment_id, amount, reason, asker, approver, moment, moment
        )
        self._version += 1
        self._event(REVERSED, minute, amount=-amount)

    def write(self) -> None:
        """Add the request itself and its open visit, as they are now."""
        if self._visit_id:
            self._visit(NULL, "", NULL, NULL)
        case, moments = self.case, self._moments
        received, clock = moments[case.received], f"{NULL}\t{NULL}\t{NULL}\t{NULL}"
        if self._registered is not None:
            clock = (
                f"{moments[self._registered]}\t{moments[self.due]}\t{self._due_on()}"
                f"\t{moments[self._promised]}"
            )
        self._lines.tables["requests_servicerequest"].append(
            f"{case.id}\t{case.code}\t{case.key}\t{case.content_hash}\t{case.applicant.id}"
            f"\t{case.offer.version_id}\t{case.offer.service_id}\t{self.place.id}"
            f"\t{case.place.id}\t{self.state.value}\t{case.quantity}\t{case.fee.values}"
            f"\t{received}\t{clock}\t{self._paused_minutes}\t{self._ready}\t{self._delivered}"
            f"\t{self._closed}\t{self._visit_id or NULL}\t\t\t{self._version}\t{received}\n"
        )

    def _charge(self, minute: int, coin: Coin) -> None:
        case, ids = self.case, self._lines.ids
        charge_id, amount, moment = next(ids.charge), case.amount_riel, self._moments[minute]
        self._lines.tables["cashier_charge"].append(
            f"{charge_id}\t{case.id}\t{case.offer.version_id}\t{case.fee.tier_id}"
            f"\t{case.fee.unit_riel}\t{case.fee.ceiling}\t{case.quantity}\t{amount}\t{moment}\n"
        )
        if not amount:
            return
        self.payment_id = next(ids.payment)
        # Nobody takes what a bank confirms; a payment by phone in a name needs its code.
        cashier = NULL if coin.method == KHQR else self.place.staff.get("cashier") or NULL
        self._lines.tables["cashier_payment"].append(
            f"{self.payment_id}\t{charge_id}\t{case.id}\t{self.place.id}\t{cashier}"
            f"\t{coin.method}\t{amount}\t{coin.currency}\t{coin.cents}\t{coin.rate_id}"
            f"\t{case.payment_key}\t{moment}\n"
        )
        self._lines.take_receipt(self.payment_id, self.place.id, self._days.year(minute), moment)
        self._event(PAID, minute, amount=amount)

    def _be_ready(self, minute: int, left: str, due_on: str) -> None:
        assert self._registered is not None
        self.state = State.READY
        self._ready = self._moments[minute]
        self._event(
            READY,
            minute,
            left=left,
            before=due_on,
            duration=minute - self._registered,
            was_late=_bool(minute > self.due),
        )

    def _enter(self, stage: int, minute: int) -> None:
        self.stage = stage
        self._sequence += 1
        self._visit_id = next(self._lines.ids.visit)
        self._entered = minute
        limit = self.case.offer.stages[stage].limit_minutes
        self._stage_due = self.place.axis.add(minute, limit)

    def _leave(self, minute: int, outcome: Outcome, *, role: str = "") -> str:
        """Close the visit and return what an event says about it."""
        stage = self.case.offer.stages[self.stage]
        handler = self.place.handler(role or stage.actor_role, self.case.offer.sector_id)
        dwell = minute - self._entered
        self._visit(self._moments[minute], outcome.value, handler, dwell)
        self._visit_id = 0
        self._version += 1
        return f"{stage.code}\t{dwell}\t{_bool(minute > self._stage_due)}"

    def _visit(self, left: str, outcome: str, handler: int | str, dwell: int | str) -> None:
        stage, moments = self.case.offer.stages[self.stage], self._moments
        self._visits.append(
            f"{self._visit_id}\t{self.case.id}\t{self._sequence}\t{stage.code}\t{stage.id}"
            f"\t{self.place.id}\t{stage.actor_role}\t{moments[self._entered]}"
            f"\t{stage.limit_minutes}\t{moments[self._stage_due]}\t{left}\t{outcome}\t{handler}"
            f"\t{dwell}\n"
        )

    def _event(
        self,
        kind: str,
        minute: int,
        *,
        left: str = f"\t{NULL}\t{NULL}",
        entered: str = "",
        before: str = NULL,
        after: str = NULL,
        amount: int = 0,
        duration: int | str = NULL,
        was_late: str = NULL,
        office_before: int | str = NULL,
    ) -> None:
        days, offer = self._days, self.case.offer
        self._events.append(
            f"{self.case.id}\t{kind}\t{self._moments[minute]}\t{days.date(minute)}"
            f"\t{self.place.id}\t{office_before}\t{offer.service_id}\t{offer.version_id}\t{left}"
            f"\t{entered}\t{before}\t{after}\t{amount}\t{duration}\t{was_late}\t{FALSE}\n"
        )

    def _due_on(self) -> str:
        return self._days.date(self.due)


def _bool(value: bool) -> str:
    return TRUE if value else FALSE
