"""How days, times, durations and riel read in Khmer and in English."""

from datetime import date, datetime
from functools import lru_cache
from zoneinfo import ZoneInfo

from django.utils.translation import get_language, ngettext

LOCAL = ZoneInfo("Asia/Phnom_Penh")
HOUR, DAY = 60, 24 * 60
_KHMER_DIGITS = str.maketrans("0123456789", "០១២៣៤៥៦៧៨៩")

# Spelling of the Royal Academy's calendar; letters on official papers use the same words.
_WEEKDAYS = {
    "km": ("ចន្ទ", "អង្គារ", "ពុធ", "ព្រហស្បតិ៍", "សុក្រ", "សៅរ៍", "អាទិត្យ"),
    "en": ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
}
_MONTHS = {
    "km": (
        "មករា", "កុម្ភៈ", "មីនា", "មេសា", "ឧសភា", "មិថុនា",
        "កក្កដា", "សីហា", "កញ្ញា", "តុលា", "វិច្ឆិកា", "ធ្នូ",
    ),
    "en": (
        "January", "February", "March", "April", "May", "June",
        "July", "August", "September", "October", "November", "December",
    ),
}  # fmt: skip


def language() -> str:
    """The language of the page, "km" or "en"."""
    return "en" if (get_language() or "km").startswith("en") else "km"


def riel(amount: int) -> str:
    """Whole riel with thousands marked: 40,000 ៛."""
    return f"{amount:,} ៛"


def dollars(cents: int) -> str:
    """US dollars of a whole number of cents: $1,234.50, and -$0.50 for less than nothing."""
    sign, amount = "-" if cents < 0 else "", abs(cents)
    return f"{sign}${amount // 100:,}.{amount % 100:02}"


def local_day(day: date | datetime, style: str = "", name: str = "") -> str:
    """A day with its weekday; style "long" spells names out, "year" adds the year.

    A datetime is first brought to the day it falls on in Phnom Penh. `name` is the language,
    for those who know it already.
    """
    if isinstance(day, datetime):
        day = day.astimezone(LOCAL).date()
    return _day_text(day, style, name or language())


@lru_cache(maxsize=4096)
def _day_text(day: date, style: str, name: str) -> str:
    weekday, month = _WEEKDAYS[name][day.weekday()], _MONTHS[name][day.month - 1]
    if name == "km":
        text = f"ថ្ងៃ{weekday} ទី{day.day} ខែ{month}" if style else f"{weekday} {day.day} {month}"
    elif style:
        text = f"{weekday} {day.day} {month}"
    else:
        text = f"{weekday[:3]} {day.day} {month[:3]}"
    return f"{text} {day.year}" if style == "year" else text


def month_text(day: date, name: str = "") -> str:
    """The month a day lies in, with its year."""
    name = name or language()
    month = _MONTHS[name][day.month - 1]
    return f"ខែ{month} ឆ្នាំ{day.year}" if name == "km" else f"{month} {day.year}"


def weekday_name(weekday: int, name: str = "") -> str:
    """The short name of a weekday, Monday is 0."""
    name = name or language()
    full = _WEEKDAYS[name][weekday]
    return full if name == "km" else full[:3]


def local_time(moment: datetime) -> str:
    """The wall clock in Phnom Penh, 24 hours: 08:41."""
    local = moment.astimezone(LOCAL)
    return f"{local.hour:02}:{local.minute:02}"


def local_datetime(moment: datetime, style: str = "", name: str = "") -> str:
    """The day with its weekday, and the wall clock, in Phnom Penh."""
    local = moment.astimezone(LOCAL)
    day = _day_text(local.date(), style, name or language())
    return f"{day} {local.hour:02}:{local.minute:02}"


def duration(minutes: int) -> str:
    """Elapsed whole minutes in at most two units: days and hours, hours and minutes."""
    told = max(minutes, 0)
    return _duration_text(told if told < DAY else told - told % HOUR, get_language() or "km")


@lru_cache(maxsize=4096)
def _duration_text(minutes: int, name: str) -> str:
    """The text for whoever reads in that language: it is the language of the moment."""
    del name
    days, rest = divmod(minutes, DAY)
    hours, left = divmod(rest, HOUR)
    parts = []
    if days:
        parts.append(ngettext("%(count)s day", "%(count)s days", days) % {"count": days})
    if hours:
        parts.append(ngettext("%(count)s hour", "%(count)s hours", hours) % {"count": hours})
    if not days and (left or not hours):
        parts.append(ngettext("%(count)s minute", "%(count)s minutes", left) % {"count": left})
    return " ".join(parts)


def name_of(thing: object) -> str:
    """The name of an office, a service or a province in the language of the page."""
    return str(getattr(thing, f"name_{language()}"))


def khmer_digits(text: str) -> str:
    """The text with its digits written ០-៩, as on official papers."""
    return text.translate(_KHMER_DIGITS)
