"""The offices a new province begins with: its unit and one office for each district."""

from services.calendars.models import OfficeHours
from services.offices.models import Counter, Office, OfficeKind
from tenants.models import District, Province

COUNTERS = 2
_DISTRICT_KM = {
    District.Kind.KHAN: "ខណ្ឌ",
    District.Kind.KRONG: "ក្រុង",
    District.Kind.SROK: "ស្រុក",
}


def open_offices(province: Province) -> None:
    """Open the unit and the district offices of a province; those that exist stay as they are."""
    hours = OfficeHours.objects.order_by("id").first()
    if hours is None:
        raise LookupError("Load the calendars before the offices: there are no office hours.")
    rows = [_unit(province, hours), *_districts(province, hours)]
    Office.objects.bulk_create(rows, ignore_conflicts=True)
    offices = Office.objects.filter(counters__isnull=True)
    Counter.objects.bulk_create(
        [
            Counter(office=office, number=number)
            for office in offices
            for number in range(1, COUNTERS + 1)
        ],
        ignore_conflicts=True,
    )


def _unit(province: Province, hours: OfficeHours) -> Office:
    return Office(
        code=f"{province.code}00",
        kind=OfficeKind.UNIT,
        name_km=f"អង្គភាពច្រកចេញចូលតែមួយ {province.prefix_km}{province.name_km}",
        name_en=f"OWSU {province.name_en}",
        office_hours=hours,
        sort_order=0,
    )


def _districts(province: Province, hours: OfficeHours) -> list[Office]:
    districts = District.objects.filter(province=province).order_by("code")
    return [
        Office(
            code=district.code,
            kind=OfficeKind.DISTRICT,
            district_code=district.code,
            name_km=f"ការិយាល័យច្រកចេញចូលតែមួយ {_DISTRICT_KM[_kind(district)]}{district.name_km}",
            name_en=f"OWSO {district.kind.capitalize()} {district.name_en}",
            office_hours=hours,
            sort_order=place,
        )
        for place, district in enumerate(districts, 1)
    ]


def _kind(district: District) -> District.Kind:
    return District.Kind(district.kind)
