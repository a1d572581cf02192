"""Plays the offices' day: registers, takes fees, moves requests on, by the real actions.

It acts as the demo staff with their roles, at a human pace and at any hour: it is a demo.
"""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from random import Random
from threading import Event
from uuid import UUID

import structlog
from django.conf import settings
from django.db import Error as DatabaseError
from django.db import connection

from owso.accounts.models import User
from owso.accounts.permissions import Role, Verb
from owso.errors import DomainError
from services.casework.actions import sign_outcome
from services.casework.rules import issues_document
from services.cashier.actions import (
    count_till,
    open_till,
    set_khqr_account,
    settle_khqr,
    show_khqr,
    take_payment,
)
from services.cashier.bank import Answer, Outcome
from services.cashier.drawers import drawer_of
from services.cashier.models import Charge
from services.cashier.tenders import Tender
from services.cashier.tills import figures_of, free_counters, money_of, till_in_hand
from services.catalogue.queries import terms as terms_of
from services.catalogue.terms import VersionTerms
from services.demo import names, proportions
from services.demo.offers import Choice, Offer, offers_of
from services.desk.actions.registering import register_at_desk
from services.offices.actors import Actor, actor_of
from services.offices.models import Office
from services.requests.actions import (
    advance_request,
    deliver_request,
    pause_request,
    reject_request,
    resume_request,
)
from services.requests.actions.closing import Collector
from services.requests.intake import ApplicantDetails, Intake
from services.requests.models import PauseReason, ServiceRequest
from services.requests.states import CLOCK_RUNS, State
from tenants import clock
from tenants.context import as_portal, in_province
from tenants.models import Province

logger = structlog.get_logger(__name__)
CANDIDATES = 40
KEY_BITS = 128
ADDRESS = "127.0.0.1"
RETRY_SECONDS = 2.0
TILL_FLOAT_RIEL = 200_000
NOTICES_SHARE = 0.2
STAND_IN = "http://127.0.0.1:"
STEPS = (
    ("register", 35.0),
    ("advance", 45.0),
    ("deliver", 12.0),
    ("pause", 3.0),
    ("resume", 4.0),
    ("reject", 1.0),
)


@dataclass(frozen=True, slots=True)
class Team:
    """The demo staff of one province and the offices where they work."""

    province: Province
    actors: tuple[Actor, ...]
    offices: tuple[tuple[int, str], ...]

    def who(
        self,
        verb: Verb,
        *,
        office_id: int,
        sector_id: int | None = None,
        role: str | None = None,
    ) -> Actor:
        """Return somebody who may do that at the office, in the role if one is named.

        Raises LookupError when nobody may.
        """
        for actor in self.actors:
            may = actor.may(verb, office_id=office_id, sector_id=sector_id)
            if may and (
                role is None or actor.holds(role, office_id=office_id, sector_id=sector_id)
            ):
                return actor
        raise LookupError("nobody of the demo staff may do that here")


class Simulator:
    """Takes one random step after another; the same seed draws the same numbers."""

    def __init__(self, provinces: Sequence[Province] | None = None, *, seed: int) -> None:
        self._rng = Random(seed)  # noqa: S311 - a demo
        self._provinces = provinces
        self._teams: dict[str, Team] = {}
        self._choices: dict[str, Choice[Offer]] = {}
        self._steps: dict[str, Callable[[Team], None]] = {
            "register": self._register,
            "advance": self._advance,
            "deliver": self._deliver,
            "pause": self._pause,
            "resume": self._resume,
            "reject": self._reject,
        }
        self._next = Choice(list(STEPS))

    def step(self, name: str | None = None) -> bool:
        """Do one thing somewhere, the named one or any; say whether there was something to do."""
        name = name or self._next.draw(self._rng.random())
        province = self._rng.choice(self._known_provinces())
        with in_province(province):
            try:
                self._steps[name](self._team(province))
            except (DomainError, LookupError) as refusal:
                # Somebody was quicker, or there is nothing of the kind: as at a real counter.
                logger.debug("simulated_step_refused", step=name, refusal=type(refusal).__name__)
                return False
        return True

    def run(self, stop: Event, *, rate: float) -> None:
        """Go on at so many steps a second until `stop` is set, also after the servers restart."""
        pause = 1 / rate
        while not stop.wait(self._rng.uniform(0.5, 1.5) * pause):
            try:
                self.step()
            except (DatabaseError, ConnectionError) as error:
                logger.warning("simulator_waits_for_servers", error=type(error).__name__)
                connection.close()
                stop.wait(RETRY_SECONDS)

    def _known_provinces(self) -> Sequence[Province]:
        if self._provinces is None:
            with as_portal():
                self._provinces = list(Province.objects.filter(is_practice=False))
        return self._provinces

    def _team(self, province: Province) -> Team:
        if province.code not in self._teams:
            staff = User.objects.filter(is_active=True, staff_roles__isnull=False)
            self._teams[province.code] = Team(
                province,
                tuple(actor_of(user, address=ADDRESS) for user in staff.distinct().order_by("id")),
                tuple(Office.objects.filter(is_active=True).values_list("id", "kind")),
            )
        return self._teams[province.code]

    def _register(self, team: Team) -> None:
        office_id, kind = self._rng.choice(team.offices)
        offer = self._offer(kind)
        values = self._rng.choice(offer.fees).values
        terms = terms_of(offer.version_id)
        intake = Intake(
            office_id=office_id,
            terms=terms,
            idempotency_key=self._key(),
            applicant=self._applicant(),
            quantity=self._rng.choice(offer.quantities),
            fee_values=json.loads(values),
        )
        clerk, cashier = (
            team.who(verb, office_id=office_id, sector_id=offer.sector_id)
            for verb in (Verb.REGISTER, Verb.TAKE_PAYMENT)
        )
        wants = reaches_no_real_phone() and self._rng.random() < NOTICES_SHARE
        made = register_at_desk(intake, None, by=clerk, wants_notices=wants)
        charge = Charge.objects.get(request=made.request)
        if charge.amount_riel:
            _see_to_till(cashier, office_id)
            self._pay(team, charge, cashier)

    def _pay(self, team: Team, charge: Charge, cashier: Actor) -> None:
        if self._rng.random() >= proportions.KHQR_SHARE:
            take_payment(charge.pk, tender=Tender(), by=cashier, idempotency_key=self._key())
            return
        _see_to_account(team, charge.request.office_id)
        order = show_khqr(charge.pk, by=cashier)
        reference = f"demo-{order.bill_number}"
        answer = Answer(Outcome.PAID, reference, str(order.amount_riel), order.currency)
        settle_khqr(order.pk, answer, now=clock.now())

    def _advance(self, team: Team) -> None:
        request, terms = self._pick(team, *CLOCK_RUNS)
        visit = request.current_visit
        assert visit is not None
        is_signed = visit.actor_role == Role.SIGNATORY and issues_document(terms)
        verb = Verb.SIGN if is_signed else Verb.ADVANCE
        finish = sign_outcome if is_signed else advance_request
        finish(
            request.pk,
            by=self._worker(team, request, terms, verb, role=visit.actor_role),
            seen_visit_id=visit.pk,
        )

    def _deliver(self, team: Team) -> None:
        request, terms = self._pick(team, State.READY)
        name = "" if request.applicant is None else request.applicant.full_name
        deliver_request(
            request.pk,
            by=self._worker(team, request, terms, Verb.DELIVER),
            collector=Collector(name=name),
        )

    def _pause(self, team: Team) -> None:
        request, terms = self._pick(team, *CLOCK_RUNS)
        pause_request(
            request.pk,
            by=self._worker(team, request, terms, Verb.PAUSE),
            reason=self._rng.choice(PauseReason.values),
            papers=frozenset(document.id for document in terms.documents[-1:]),
            seen_visit_id=request.current_visit_id,
        )

    def _resume(self, team: Team) -> None:
        request, terms = self._pick(team, State.WAITING)
        resume_request(request.pk, by=self._worker(team, request, terms, Verb.RESUME))

    def _reject(self, team: Team) -> None:
        request, terms = self._pick(team, *CLOCK_RUNS)
        reject_request(
            request.pk,
            by=self._worker(team, request, terms, Verb.REJECT),
            reason="ឯកសារមិនត្រឹមត្រូវតាមលក្ខខណ្ឌ។",
            seen_visit_id=request.current_visit_id,
        )

    def _pick(self, team: Team, *states: State) -> tuple[ServiceRequest, VersionTerms]:
        """Return one of the newest requests in these states; LookupError when there is none."""
        office_id, _kind = self._rng.choice(team.offices)
        rows = ServiceRequest.objects.filter(office_id=office_id, state__in=states)
        newest = list(
            rows.select_related("current_visit", "applicant").order_by("-id")[:CANDIDATES]
        )
        if not newest:
            raise LookupError("no request in these states")
        request = self._rng.choice(newest)
        return request, terms_of(request.service_version_id)

    def _worker(
        self,
        team: Team,
        request: ServiceRequest,
        terms: VersionTerms,
        verb: Verb,
        *,
        role: str | None = None,
    ) -> Actor:
        return team.who(verb, office_id=request.office_id, sector_id=terms.sector_id, role=role)

    def _offer(self, kind: str) -> Offer:
        if kind not in self._choices:
            self._choices[kind] = offers_of(kind, on=clock.today())
        return self._choices[kind].draw(self._rng.random())

    def _applicant(self) -> ApplicantDetails:
        person = names.invent(self._rng)
        return ApplicantDetails(
            full_name=person.name_km,
            sex=person.sex,
            id_kind="national_id",
            id_number=str(self._rng.randrange(100_000_000, 1_000_000_000)),
            phone=f"012{self._rng.randrange(200_000, 1_000_000)}",
        )

    def _key(self) -> UUID:
        return UUID(int=self._rng.getrandbits(KEY_BITS))


def reaches_no_real_phone() -> bool:
    """Say whether SMS go to stand-ins only: an invented number may belong to somebody."""
    urls = (settings.PLASGATE_URL, settings.MEKONG_URL)
    return bool(settings.SMS_GATEWAYS) and all(url.startswith(STAND_IN) for url in urls)


def _see_to_till(cashier: Actor, office_id: int) -> None:
    """See to it that a cashier has a till of today; one of an earlier day is counted first."""
    held = till_in_hand(cashier.user_id)
    if held is not None and held.opened_on < clock.today():
        figures = figures_of(held)
        drawer = drawer_of(figures.expected_riel, figures.expected_cents)
        count_till(held.pk, drawer, by=cashier)
        held = None
    if held is None:
        counter = free_counters(office_id).first()
        if counter is None:
            raise LookupError("every counter of the office has a till")
        open_till(office_id, counter.pk, float_riel=TILL_FLOAT_RIEL, float_cents=0, by=cashier)


def _see_to_account(team: Team, office_id: int) -> None:
    """See to it that an office has an account to show a KHQR for."""
    if money_of(office_id).khqr_account:
        return
    set_khqr_account(
        office_id,
        account="owso_demo@bank",
        name="OWSO DEMO",
        merchant_id="",
        bank_name="",
        by=team.who(Verb.MANAGE_OFFICES, office_id=office_id),
    )
