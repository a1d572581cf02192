"""Writes a plausible past of a province by COPY, batch by batch, as the actions would have.

What the actions write and this does not: audit entries (nobody did these things). Demo codes and
keys follow from the seed, so they can be guessed; a real request's cannot.
"""

import hashlib
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from django.db import transaction

from owso.accounts.permissions import Role
from services.calendars.queries import calendar_for
from services.cashier.models import ExchangeRate
from services.demo import proportions
from services.demo.axis import Days, WorkAxis
from services.demo.life import Place
from services.demo.lines import Lines, fresh_ids, write
from services.demo.offers import Choice, offers_of
from services.demo.people import as_bytea
from services.demo.plans import Written
from services.demo.stories import Storyteller, World
from services.offices.models import Office, OfficeKind, StaffRole
from services.requests import notices
from services.requests.models import ServiceRequest
from tenants import clock, sealing
from tenants.context import in_province
from tenants.models import District, Province

BATCH = 2_000
VISITS_EACH = 9
"""The longest plan has six stages; a return or a forwarding adds up to two visits."""
DAYS_AFTER = 500
"""How far deadlines may reach beyond the end: 90 working days, with long pauses, moved."""
KEY_BYTES = 8


def write_history(
    province: Province,
    *,
    requests: int,
    days: int,
    seed: int,
    until: datetime | None = None,
    on_batch: Callable[[int], None] | None = None,
) -> Written:
    """Write the requests of the last `days` days before `until` into a province.

    Each batch is one transaction and is known by the idempotency keys of its requests, which
    follow from the seed: a second run writes what is missing and nothing twice. The same
    seed, counts and `until` give the same history. `on_batch` hears the requests of every
    batch, also of those that were there.
    """
    with in_province(province):
        keys = _Keys(province.code, seed=seed, requests=requests, days=days)
        missing = [first for first in range(0, requests, BATCH) if not keys.is_written(first)]
        if on_batch:
            on_batch(requests - sum(min(BATCH, requests - first) for first in missing))
        if not missing:
            return Written(0, 0)
        world = build_world(province, days=days, until=until or clock.now())
        done = rows = 0
        for first in missing:
            count = min(BATCH, requests - first)
            rows += _write_batch(world, keys, first, count=count, requests=requests)
            done += count
            if on_batch:
                on_batch(count)
    return Written(done, rows)


def build_world(province: Province, *, days: int, until: datetime) -> World:
    """Read offices, staff, terms and calendars of the current province once for a history."""
    first_day = clock.local_day(until) - timedelta(days=days)
    calendar_days = Days(first_day, count=days + DAYS_AFTER)
    last = calendar_days.minute_of(until)
    places, unit = _places(calendar_days)
    rate = ExchangeRate.objects.filter(posted_on__lte=first_day).order_by("-posted_on").first()
    if rate is None:
        rate, _is_new = ExchangeRate.objects.get_or_create(
            posted_on=first_day, defaults={"riel_per_dollar": proportions.RIEL_PER_DOLLAR}
        )
    return World(
        code=province.code,
        places=places,
        unit=unit,
        starts=unit.axis.starts(max(0, last - days * 24 * 60), last),
        days=calendar_days,
        until=last,
        rate_id=rate.pk,
        riel_per_dollar=rate.riel_per_dollar,
        content_hash=as_bytea(sealing.keyed_hash("demo")),
    )


class _Keys:
    """The idempotency keys of a history: half from what was asked for, half the number."""

    def __init__(self, province_code: str, **asked: int) -> None:
        self.text = f"{province_code} {sorted(asked.items())}"
        half = hashlib.blake2b(self.text.encode(), digest_size=KEY_BYTES).hexdigest()
        self._half = f"{half[:8]}-{half[8:12]}-{half[12:]}"

    def of(self, number: int) -> tuple[str, str]:
        """Return the keys of one request and of its payment."""
        return f"{self._half}-0000-{number:012x}", f"{self._half}-0001-{number:012x}"

    def is_written(self, number: int) -> bool:
        """Say whether the batch that begins with this request was committed."""
        return ServiceRequest.objects.filter(idempotency_key=self.of(number)[0]).exists()


def _write_batch(world: World, keys: _Keys, first: int, *, count: int, requests: int) -> int:
    with transaction.atomic():
        lines = Lines(fresh_ids(count, visits_each=VISITS_EACH))
        teller = Storyteller(world, lines, seed=f"{keys.text} {first}")
        for number in range(first, first + count):
            teller.tell(keys.of(number), number, of=requests)
        rows = write(lines)
        notices.announce()
    return rows


def _places(days: Days) -> tuple[Choice[Place], Place]:
    """Return the offices, drawn by how much each receives, and the unit."""
    offices = list(Office.objects.filter(is_active=True).order_by("sort_order", "code"))
    axes = {
        hours_id: WorkAxis(calendar_for(hours_id), days)
        for hours_id in {office.office_hours_id for office in offices}
    }
    offers = {kind: offers_of(kind, on=days.first) for kind in {each.kind for each in offices}}
    staff, agents = _staff()
    places = {
        office.pk: Place(
            id=office.pk,
            axis=axes[office.office_hours_id],
            offers=offers[office.kind],
            staff=staff.get(office.pk, {}),
            agents=agents.get(office.pk, {}),
        )
        for office in offices
    }
    unit = next(office for office in offices if office.kind == OfficeKind.UNIT)
    weights = _weights(offices)
    return Choice([(places[pk], weight) for pk, weight in weights]), places[unit.pk]


def _weights(offices: Sequence[Office]) -> list[tuple[int, float]]:
    """Give the unit its share and divide the rest, twice as much to a town as to a district."""
    codes = [office.district_code for office in offices]
    towns = set(
        District.objects.filter(code__in=codes)
        .exclude(kind=District.Kind.SROK)
        .values_list("code", flat=True)
    )
    raw = {
        office.pk: proportions.TOWN_WEIGHT if office.district_code in towns else 1.0
        for office in offices
        if office.kind != OfficeKind.UNIT
    }
    rest = sum(raw.values())
    scale = (1 - proportions.UNIT_SHARE) / rest if rest else 0.0
    return [
        (office.pk, raw[office.pk] * scale if office.pk in raw else proportions.UNIT_SHARE)
        for office in offices
    ]


def _staff() -> tuple[dict[int, dict[str, int]], dict[int, dict[int, int]]]:
    """Return who acts in each role of each office, and the agents by sector."""
    staff: dict[int, dict[str, int]] = {}
    agents: dict[int, dict[int, int]] = {}
    rows = StaffRole.objects.filter(user__is_active=True).order_by("id")
    for role, office_id, sector_id, user_id in rows.values_list(
        "role", "office_id", "sector_id", "user_id"
    ):
        if role == Role.AGENT:
            agents.setdefault(office_id, {}).setdefault(sector_id, user_id)
        else:
            staff.setdefault(office_id, {}).setdefault(role, user_id)
    return staff, agents
