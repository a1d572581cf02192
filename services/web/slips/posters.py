"""The poster of fees and days that every office must show, from its live catalogue."""

from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass
from datetime import date
from itertools import groupby

from django.db import models
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from owso import formats
from services.catalogue.kinds import Ceiling, Standing
from services.catalogue.standing import SIGNS, mark_of
from services.catalogue.terms import TierTerms, VersionTerms
from services.offices.queries import OfficeTerms
from services.web.slips.texts import practice_text
from tenants.context import current_province

# A price that is called "maximum fee" already need not say so twice.
_KHMER_MAXIMUM = "តម្លៃអតិបរមា"
Two = tuple[str, str]
"""The same words in Khmer and in English."""


class PosterPaper(models.TextChoices):
    """On what a poster is printed."""

    A4 = "a4", gettext_lazy("A4 sheet")
    A3 = "a3", gettext_lazy("A3 sheet")


@dataclass(frozen=True, slots=True)
class Tier:
    """One amount; the mark says in both languages why it is not law."""

    label_km: str
    label_en: str
    amount: str
    ceiling_km: str
    ceiling_en: str
    mark: str


@dataclass(frozen=True, slots=True)
class Row:
    """One service of the poster."""

    number: str
    name_km: str
    name_en: str
    tiers: tuple[Tier, ...]
    unit_km: str
    unit_en: str
    days: str
    days_mark: str
    validity_km: str
    validity_en: str
    validity_mark: str


@dataclass(frozen=True, slots=True)
class SectorPart:
    """The services of one sector."""

    name_km: str
    name_en: str
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class Poster:
    """All that stands on the poster, digits as official papers write them."""

    paper: str
    title_km: str
    title_en: str
    office_km: str
    office_en: str
    day_km: str
    day_en: str
    foot_km: str
    foot_en: str
    warning_km: str
    warning_en: str
    is_practice: str
    columns: tuple[Two, ...]
    sectors: tuple[SectorPart, ...]

    def as_data(self) -> dict[str, object]:
        """The poster as plain data for the printer."""
        return asdict(self)


def poster_of(
    services: Iterable[VersionTerms], *, office: OfficeTerms, on: date, paper: str
) -> Poster:
    """Put the poster of an office together from the terms in force on a day."""
    offered = list(services)
    title = _two(lambda: _("Fees and days of our services"))
    place = _two(lambda: f"{formats.name_of(current_province())} · {formats.name_of(office)}")
    day = _two(lambda: _("In force on %(day)s") % {"day": formats.local_day(on, "year")})
    foot = _two(lambda: _("Application forms are free. Every fee has a receipt."))
    warning: Two = ("", "")
    if any(_has_mark(terms) for terms in offered):
        warning = _two(
            lambda: _("Figures on yellow are not law: they stand in until the prakas is entered.")
        )
    return Poster(
        paper,
        *title,
        *place,
        *day,
        *foot,
        *warning,
        is_practice=practice_text(),
        columns=_columns(),
        sectors=_sectors(offered),
    )


def _columns() -> tuple[Two, ...]:
    makers: tuple[Callable[[], str], ...] = (
        lambda: _("No."),
        lambda: _("Service"),
        lambda: _("Fee"),
        lambda: _("At most, working days"),
        lambda: _("Validity"),
    )
    return tuple(map(_two, makers))


def _sectors(offered: list[VersionTerms]) -> tuple[SectorPart, ...]:
    """Sectors in the order of the catalogue, numbered through."""
    numbers = {terms.id: place for place, terms in enumerate(offered, start=1)}
    order = list(dict.fromkeys(terms.sector_code for terms in offered))
    by_sector = sorted(offered, key=lambda terms: order.index(terms.sector_code))
    parts = []
    for _code, run in groupby(by_sector, key=lambda terms: terms.sector_code):
        versions = list(run)
        rows = tuple(_row(terms, numbers[terms.id]) for terms in versions)
        parts.append(SectorPart(versions[0].sector_name_km, versions[0].sector_name_en, rows))
    return tuple(parts)


def _row(terms: VersionTerms, number: int) -> Row:
    return Row(
        formats.khmer_digits(str(number)),
        terms.name_km,
        terms.name_en,
        tuple(_tier(terms, tier) for tier in terms.fee.tiers) or (_free(),),
        formats.khmer_digits(terms.fee.unit_km),
        terms.fee.unit_en,
        _days(terms),
        _mark(terms, "limit"),
        formats.khmer_digits(terms.validity_km),
        terms.validity_en,
        _mark(terms, "validity") if terms.validity_km else "",
    )


def _tier(terms: VersionTerms, tier: TierTerms) -> Tier:
    ceiling: Two = ("", "")
    if tier.ceiling == Ceiling.MAXIMUM and tier.label_km != _KHMER_MAXIMUM:
        ceiling = _two(lambda: str(Ceiling.MAXIMUM.label))
    # A fee is no better founded than the whole of its rule.
    standing = terms.standings.fee if tier.standing == Standing.SOURCED else tier.standing
    amount = f"{tier.amount_riel:,} ៛" if tier.amount_riel else "/".join(_two(lambda: _("Free")))
    return Tier(
        formats.khmer_digits(tier.label_km),
        tier.label_en,
        formats.khmer_digits(amount),
        *ceiling,
        mark=_sign(standing),
    )


def _free() -> Tier:
    km, en = _two(lambda: _("Free"))
    return Tier("", "", f"{km} · {en}", "", "", "")


def _days(terms: VersionTerms) -> str:
    days = terms.limit_days
    km, en = _two(lambda: ngettext("%(count)s day", "%(count)s days", days) % {"count": days})
    return f"{formats.khmer_digits(km)} · {en}"


def _mark(terms: VersionTerms, subject: str) -> str:
    mark = mark_of(terms, subject)
    return "" if mark is None else _sign(mark.standing)


def _sign(standing: Standing) -> str:
    if standing == Standing.SOURCED:
        return ""
    return " · ".join(_two(lambda: str(SIGNS[standing])))


def _has_mark(terms: VersionTerms) -> bool:
    subjects = ("fee", "limit", "validity") if terms.validity_km else ("fee", "limit")
    return any(mark_of(terms, subject) is not None for subject in subjects)


def _two(make: Callable[[], str]) -> Two:
    with translation.override("km"):
        khmer = formats.khmer_digits(make())
    with translation.override("en"):
        return khmer, make()
