"""What people type, made clean or refused with a message they understand."""

from datetime import UTC, datetime, timedelta

import phonenumbers
from django.utils.translation import gettext_lazy as _

from owso.errors import Invalid, Message
from services.printable import has_control_characters as has_control_characters
from services.requests.khmer import arabic_digits, without_invisible
from tenants import clock

NAME_LENGTH = 200
NOTE_LENGTH = 2000
NATIONAL_ID_LENGTH = 9
PAPER_NUMBER_LENGTH = 30
EARLIEST = datetime(2000, 1, 1, tzinfo=UTC)
CLOCK_SKEW = timedelta(minutes=5)
_LINE_BREAKS = frozenset("\n\r\t")


class Fields:
    """Collects what is wrong with the fields of a form, to report all of it at once."""

    def __init__(self) -> None:
        self.wrong: dict[str, Message] = {}

    def take(self, name: str, message: Message) -> None:
        """Note that a field is wrong; the first message of a field stays."""
        self.wrong.setdefault(name, message)

    def refuse(self) -> None:
        """Raise Invalid when any field was wrong."""
        if self.wrong:
            raise Invalid(
                "fields_invalid",
                _("Some of what was entered cannot be accepted. Correct the marked fields."),
                fields=self.wrong,
            )


def clean_name(text: str, *, field: str, fields: Fields, is_required: bool = True) -> str:
    """Return a person's name without invisible characters, on one line, at most 200 long."""
    name = " ".join(without_invisible(text[: NAME_LENGTH * 4]).split(" ")).strip()
    if is_required and not name:
        fields.take(field, _("Enter a name."))
    elif len(text) > NAME_LENGTH:
        fields.take(field, _("Enter at most 200 characters."))
    elif has_control_characters(name):
        fields.take(field, _("Remove the characters that cannot be printed."))
    return name


def clean_note(text: str, *, field: str, fields: Fields, is_required: bool = False) -> str:
    """Return a remark of at most 2,000 characters; line breaks may stay."""
    if len(text) > NOTE_LENGTH:
        fields.take(field, _("Enter at most 2,000 characters."))
        return ""
    note = text.strip()
    if is_required and not note:
        fields.take(field, _("Enter a reason."))
    elif has_control_characters("".join(char for char in note if char not in _LINE_BREAKS)):
        fields.take(field, _("Remove the characters that cannot be printed."))
    return note


def clean_phone(text: str, *, field: str, fields: Fields) -> str:
    """Return a Cambodian (or +foreign) phone number as E.164, or "" when none was given."""
    plain = arabic_digits(without_invisible(text[:60])).strip()
    if not plain:
        return ""
    try:
        number = phonenumbers.parse(plain, "KH")
    except phonenumbers.NumberParseException:
        number = None
    if number is None or not phonenumbers.is_valid_number(number):
        fields.take(field, _("Enter a phone number such as 012 345 678."))
        return ""
    return str(phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164))


def clean_paper_number(text: str, *, kind: str, field: str, fields: Fields) -> str:
    """Return the number of an identity paper; a national card has nine digits."""
    plain = "".join(arabic_digits(without_invisible(text[:200])).upper().split())
    if kind == "national_id":
        plain = plain.replace("-", "").replace("(", "").replace(")", "")
        if len(plain) != NATIONAL_ID_LENGTH or not (plain.isascii() and plain.isdigit()):
            fields.take(field, _("Enter the nine digits of the identity card."))
    elif not plain or len(plain) > PAPER_NUMBER_LENGTH or has_control_characters(plain):
        fields.take(field, _("Enter the number of the paper, at most 30 characters."))
    return plain


def check_moment(moment: datetime, *, field: str, fields: Fields) -> None:
    """Refuse a time in the future (beyond five minutes of clock skew) or before 2000."""
    if moment > clock.now() + CLOCK_SKEW:
        fields.take(field, _("This time is in the future. Check the date."))
    elif moment < EARLIEST:
        fields.take(field, _("This date is before the year 2000. Check the date."))


def checked_now(now: datetime | None) -> datetime:
    """Return the time an action happens at: now, or the given one when it can be accepted."""
    if now is None:
        return clock.now()
    fields = Fields()
    check_moment(now, field="now", fields=fields)
    fields.refuse()
    return now
