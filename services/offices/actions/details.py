"""Names, address and counters of an office, and whether it receives requests."""

from dataclasses import asdict, dataclass

from django.db import transaction
from django.db.models import ProtectedError
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from owso.accounts.permissions import Verb
from owso.audit.actions import record
from owso.errors import Conflict, Invalid
from services.offices import following
from services.offices.actions.locking import lock_office
from services.offices.actors import Actor
from services.offices.models import Counter, Office
from services.offices.remembering import forget
from services.printable import has_control_characters

COUNTERS_MAX = 99
_LENGTHS = {
    "name_km": 200,
    "name_en": 200,
    "address_km": 300,
    "address_en": 300,
    "phone": 40,
}
_REQUIRED = ("name_km", "name_en")


@dataclass(frozen=True, slots=True, kw_only=True)
class OfficeDetails:
    """What people read of an office."""

    name_km: str
    name_en: str
    address_km: str = ""
    address_en: str = ""
    phone: str = ""
    is_active: bool = True


def edit_office(office_id: int, details: OfficeDetails, *, by: Actor) -> Office:
    """Change what people read of an office, or whether it receives requests.

    An office with open files, or a province's last one, cannot end. Raises Invalid and Conflict.
    """
    values = _cleaned(details)
    with transaction.atomic():
        office = lock_office(office_id, Verb.MANAGE_OFFICES, by=by)
        before = {name: getattr(office, name) for name in values}
        if office.is_active and not details.is_active:
            _check_may_end(office)
        changes = {
            name: [before[name], value] for name, value in values.items() if before[name] != value
        }
        if changes:
            for name, value in values.items():
                setattr(office, name, value)
            office.save(update_fields=list(values))
            record("edit_office", office, by=by, **changes)
            forget()
    return office


def add_counter(office_id: int, *, by: Actor) -> Counter:
    """Open one more counter, under the lowest number that is free."""
    with transaction.atomic():
        office = lock_office(office_id, Verb.RUN_OFFICE, by=by)
        taken = set(office.counters.values_list("number", flat=True))
        number = next(each for each in range(1, COUNTERS_MAX + 2) if each not in taken)
        if number > COUNTERS_MAX:
            raise Invalid("counters_full", _("An office has at most 99 counters."))
        counter = Counter.objects.create(office=office, number=number)
        record("add_counter", office, by=by, number=number)
    return counter


def remove_counter(office_id: int, number: int, *, by: Actor) -> None:
    """Close a counter; the last one stays, and so does one with records of its own."""
    with transaction.atomic():
        office = lock_office(office_id, Verb.RUN_OFFICE, by=by)
        counters = list(office.counters.all())
        counter = next((each for each in counters if each.number == number), None)
        if counter is None:
            return
        if len(counters) == 1:
            raise Conflict("last_counter", _("An office keeps at least one counter."))
        try:
            counter.delete()
        except ProtectedError as error:
            raise Conflict(
                "counter_in_use", _("This counter has records of its own; it has to stay.")
            ) from error
        record("remove_counter", office, by=by, number=number)


def _check_may_end(office: Office) -> None:
    others = Office.objects.filter(is_active=True).exclude(pk=office.pk)
    if not others.exists():
        raise Conflict("last_office", _("A province keeps at least one office open."))
    following.may_end(office)


def _cleaned(details: OfficeDetails) -> dict[str, str | bool]:
    values = {
        name: " ".join(value.split()) if isinstance(value, str) else value
        for name, value in asdict(details).items()
    }
    wrong = {name: text for name in _LENGTHS if (text := _problem(name, str(values[name])))}
    if wrong:
        raise Invalid(
            "office_invalid",
            _("Some of what was entered cannot be accepted. Correct the marked fields."),
            fields=wrong,
        )
    return values


def _problem(name: str, value: str) -> str | Promise:
    if name in _REQUIRED and not value:
        return _("Enter a name.")
    if len(value) > _LENGTHS[name]:
        return _("This text is too long. Shorten it.")
    if has_control_characters(value):
        return _("Remove the characters that cannot be printed.")
    return ""
