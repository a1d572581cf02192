"""The page of one service: fee and calculator, days, papers, law, and the way to an office."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _

from owso.errors import Invalid
from owso.formats import riel
from services.catalogue.fees import parse_quantity, quote
from services.catalogue.kinds import Ceiling, InstrumentKind, Level, Standing
from services.catalogue.standing import SIGNS
from services.catalogue.terms import DimensionTerms, TierTerms, VersionTerms
from services.citizens.life_events import LifeEvent, events_of
from services.web.catalogue.listing import fee_text
from services.web.marks import mark_text

QUANTITY = "quantity"
PREFIX = "by-"
Sum = tuple[str, str, Mapping[str, object], str]
NOT_ASKED: Sum = ("", "", {}, "")


@dataclass(frozen=True, slots=True)
class Amount:
    """One line of the fee table; riel."""

    label: str
    amount: str
    mark: str


@dataclass(frozen=True, slots=True)
class Choice:
    """One answer to a question of the calculator."""

    code: str
    label: str
    is_chosen: bool


@dataclass(frozen=True, slots=True)
class Question:
    """One question of the calculator, and what was wrong with the answer."""

    name: str
    label: str
    choices: tuple[Choice, ...]
    problem: str


@dataclass(frozen=True, slots=True)
class Calculator:
    """The calculator as filled in: the sum in riel, or what is wrong."""

    questions: tuple[Question, ...]
    asks_quantity: bool
    quantity: str
    quantity_max: int
    quantity_problem: str
    total: str
    total_mark: str
    problem: str


@dataclass(frozen=True, slots=True)
class Sheet:
    """What stands on the page whoever reads it, ready to print."""

    code: str
    name: str
    sector_code: str
    sector: str
    level: str
    events: tuple[LifeEvent, ...]
    fee: str
    fee_mark: str
    unit: str
    days: int
    days_min: int | None
    days_mark: str
    validity: str
    validity_mark: str
    amounts: tuple[Amount, ...]
    calculator: Calculator | None
    papers: tuple[tuple[str, bool], ...]
    stages: tuple[str, ...]
    laws: tuple[str, ...]
    source: str
    has_placeholder: bool


def sheet_of(terms: VersionTerms, answers: Mapping[str, str]) -> Sheet:
    """Put the page together; `answers` are what the calculator's form sent, empty at first."""
    return Sheet(
        code=terms.service_code,
        name=terms.name,
        sector_code=terms.sector_code,
        sector=terms.sector_name,
        level=str(Level(terms.level).label),
        events=events_of(terms.service_code),
        fee=fee_text(terms),
        fee_mark=mark_text(terms, "fee"),
        unit=terms.fee.unit,
        days=terms.limit_days,
        days_min=terms.limit_days_min,
        days_mark=mark_text(terms, "limit"),
        validity=terms.validity,
        validity_mark=mark_text(terms, "validity") if terms.validity else "",
        amounts=tuple(_amount(terms, tier) for tier in terms.fee.tiers),
        calculator=_calculator(terms, answers),
        papers=tuple((paper.name, paper.is_mandatory) for paper in terms.documents),
        stages=tuple(stage.name for stage in terms.stages),
        laws=_laws(terms),
        source=terms.source,
        has_placeholder=terms.has_placeholder,
    )


def names_of(terms: VersionTerms) -> tuple[str, ...]:
    """Return the parameters that the calculator of a service reads."""
    return (*(f"{PREFIX}{each.code}" for each in terms.fee.dimensions), QUANTITY)


def _amount(terms: VersionTerms, tier: TierTerms) -> Amount:
    text = riel(tier.amount_riel) if tier.amount_riel else _("Free")
    if tier.amount_riel and tier.ceiling == Ceiling.MAXIMUM:
        text = _("at most %(fee)s") % {"fee": text}
    return Amount(tier.label, text, _sign(terms, tier.standing))


def _sign(terms: VersionTerms, standing: Standing) -> str:
    """A fee is no better founded than the whole of its rule."""
    weakest = terms.standings.fee if standing == Standing.SOURCED else standing
    return str(SIGNS.get(weakest, ""))


def _calculator(terms: VersionTerms, answers: Mapping[str, str]) -> Calculator | None:
    if terms.fee.is_free or not (terms.fee.dimensions or terms.fee.takes_quantity):
        return None
    total, mark, wrong, problem = _sum(terms, answers) if answers else NOT_ASKED
    return Calculator(
        questions=tuple(
            _question(each, answers, str(wrong.get(each.code, ""))) for each in terms.fee.dimensions
        ),
        asks_quantity=terms.fee.takes_quantity,
        quantity=answers.get(QUANTITY, "1"),
        quantity_max=terms.fee.quantity_max,
        quantity_problem=str(wrong.get(QUANTITY, "")),
        total=total,
        total_mark=mark,
        problem="" if wrong else problem,
    )


def _sum(terms: VersionTerms, answers: Mapping[str, str]) -> Sum:
    """The sum with its mark; or what is wrong by field, and in one sentence."""
    values = {each.code: answers.get(f"{PREFIX}{each.code}", "") for each in terms.fee.dimensions}
    try:
        quantity = parse_quantity(answers.get(QUANTITY) or "1")
        found = quote(terms.fee, values=values, quantity=quantity)
    except Invalid as error:
        return "", "", error.fields, str(error.message)
    text = riel(found.amount_riel) if found.amount_riel else _("Free")
    if found.is_maximum and found.amount_riel:
        text = _("at most %(fee)s") % {"fee": text}
    return text, _sign(terms, found.standing), {}, ""


def _question(asked: DimensionTerms, answers: Mapping[str, str], problem: str) -> Question:
    name = f"{PREFIX}{asked.code}"
    chosen = answers.get(name, "")
    choices = tuple(Choice(each.code, each.label, each.code == chosen) for each in asked.values)
    return Question(name, asked.name, choices, problem)


def _laws(terms: VersionTerms) -> tuple[str, ...]:
    """The texts the service and its fee rest on; what stands in for one is no law."""
    found = (terms.instrument, terms.fee.instrument)
    named = (each for each in found if each and each.kind != InstrumentKind.PLACEHOLDER)
    return tuple(dict.fromkeys(each.title for each in named))
