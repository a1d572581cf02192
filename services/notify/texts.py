"""What a message says: code, stage, office, day, and never a name.

A text is one sentence that fits into an SMS, and lines that only longer messages carry.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from owso.formats import local_day
from services.bilingual import in_readers_language
from services.catalogue.queries import terms as terms_of
from services.catalogue.terms import StageTerms, VersionTerms
from services.notify.kinds import Channel, MessageKind
from services.notify.sms import fits, parts_of
from services.notify.tokens import stop_token
from services.requests.codes import format_code
from services.requests.kinds import PauseReason

_SHORTEST = 6
_CUT = "…"


@dataclass(frozen=True, slots=True)
class Place:
    """An office as a message names it; `hours` in both languages."""

    name_km: str
    name_en: str
    address_km: str = ""
    address_en: str = ""
    phone: str = ""
    hours_km: str = ""
    hours_en: str = ""


@dataclass(frozen=True, slots=True)
class Matter:
    """What happened to a request, as far as a citizen is told; `day` is the day that counts now."""

    kind: MessageKind
    tracking_code: str
    service_version_id: int
    place: Place
    stage_left: str = ""
    stage_entered: str = ""
    day: date | datetime | None = None
    reason: str = ""
    papers: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Wording:
    """A message as it will be sent."""

    subject: str
    text: str
    parts: int = 1


def tracking_link(code: str) -> str:
    """Return the address of a request's page."""
    return f"{settings.PUBLIC_URL}/t/{format_code(code)}"


def own_link(province_code: str, following_id: int) -> str:
    """Return the short address where a following is looked at and ended."""
    return f"{settings.PUBLIC_URL}/s/{stop_token(province_code, following_id)}"


def wording(matter: Matter, *, channel: str, language: str, link: str) -> Wording:
    """Write a message in the follower's language."""
    with translation.override(language):
        code = format_code(matter.tracking_code)
        if channel == Channel.SMS:
            text = _short(code, matter, link)
            return Wording("", text, parts_of(text))
        if channel == Channel.PUSH:
            return Wording(code, _capital(_sentence(matter, full)))
        subject = _("Your request %(code)s") % {"code": code}
        return Wording(subject, "\n\n".join(_long(code, matter, channel, link)))


def confirmation(code: str, digits: str, *, language: str) -> Wording:
    """Write the SMS with the six digits that confirm a number."""
    with translation.override(language):
        text = _("%(digits)s is your number to follow request %(code)s. Not you? Reply STOP.") % {
            "digits": digits,
            "code": format_code(code),
        }
    return Wording("", text, parts_of(text))


def confirmation_mail(code: str, link: str, *, language: str) -> Wording:
    """Write the e-mail with the link that confirms an address."""
    with translation.override(language):
        subject = _("Follow request %(code)s?") % {"code": format_code(code)}
        lines = (
            _("Somebody, probably you, asked to be told by e-mail how this request goes on."),
            _("Open this page and press the button to confirm:"),
            link,
            _("If it was not you, do nothing: no further message will come."),
        )
    return Wording(subject, "\n\n".join(lines))


def full(text: str) -> str:
    """Leave a name as long as it is."""
    return text


def _capital(sentence: str) -> str:
    return sentence[:1].upper() + sentence[1:]


def _short(code: str, matter: Matter, link: str) -> str:
    """Fit the sentence into the parts we pay for: names are cut, what to do never is."""
    for length in range(60, _SHORTEST, -3):
        text = f"{code}: {_sentence(matter, _cut_to(length))} {link}".replace("  ", " ")
        if fits(text):
            return text
    return f"{code}: {_sentence(matter, _cut_to(_SHORTEST))} {link}"


def _cut_to(length: int) -> Callable[[str], str]:
    def cut(text: str) -> str:
        if len(text) <= length:
            return text
        kept = text[: length - 1]
        # Never between a Khmer letter and what is written above or below it.
        while kept and _is_mark(text[len(kept)]):
            kept = kept[:-1]
        return kept.rstrip(" \u17d2\u200b") + _CUT

    return cut


def _is_mark(letter: str) -> bool:
    return "\u17b4" <= letter <= "\u17d3" or letter == "\u17dd"


def _sentence(matter: Matter, cut: Callable[[str], str]) -> str:
    place = cut(in_readers_language(matter.place.name_km, matter.place.name_en))
    facts = {"office": place, "day": local_day(matter.day) if matter.day else ""}
    kind = matter.kind
    if kind == MessageKind.STAGE:
        return _stage_sentence(matter, cut)
    if kind == MessageKind.WAITING:
        facts["reason"] = cut(str(PauseReason(matter.reason or PauseReason.OTHER).label))
    return _sentences()[kind] % facts


def _sentences() -> dict[MessageKind, str]:
    return {
        MessageKind.RECEIVED: _("papers are missing. Please bring them to %(office)s."),
        MessageKind.REGISTERED: _("registered. Ready by %(day)s."),
        MessageKind.WAITING: _("waiting for you: %(reason)s. Please come to %(office)s."),
        MessageKind.GOING_ON: _("goes on. Ready by %(day)s."),
        MessageKind.MOVED: _("the day has moved. Ready by %(day)s."),
        MessageKind.FORWARDED: _("is now at %(office)s."),
        MessageKind.READY: _("ready. Collect it at %(office)s with your identity paper."),
        MessageKind.DELIVERED: _("collected. This request is finished."),
        MessageKind.REJECTED: _("not approved. %(office)s tells you why and what you can do."),
        MessageKind.WITHDRAWN: _("withdrawn at the applicant's wish."),
    }


def _stage_sentence(matter: Matter, cut: Callable[[str], str]) -> str:
    terms = terms_of(matter.service_version_id)
    left, entered = _stage(terms, matter.stage_left), _stage(terms, matter.stage_entered)
    now = cut(entered.name) if entered else ""
    if left is None or entered is None or entered.sort_order < left.sort_order:
        return _("now: %(stage)s.") % {"stage": now}
    return _("done: %(done)s. Now: %(stage)s.") % {"done": cut(left.name), "stage": now}


def _stage(terms: VersionTerms, code: str) -> StageTerms | None:
    return next((stage for stage in terms.stages if stage.code == code), None)


def _long(code: str, matter: Matter, channel: str, link: str) -> Iterator[str]:
    yield f"{code} · {terms_of(matter.service_version_id).name}"
    yield _capital(_sentence(matter, full))
    yield from _what_to_do(matter)
    yield f"{_('Every stage:')} {tracking_link(matter.tracking_code)}"
    if channel == Channel.EMAIL:
        yield f"{_('End these messages:')} {link}"


def _what_to_do(matter: Matter) -> Iterator[str]:
    place = matter.place
    if matter.kind in {MessageKind.RECEIVED, MessageKind.WAITING} and matter.papers:
        papers = "\n".join(f"• {in_readers_language(*names)}" for names in matter.papers)
        yield f"{_('Please bring:')}\n{papers}"
    if matter.kind in {MessageKind.RECEIVED, MessageKind.WAITING, MessageKind.READY}:
        address = in_readers_language(place.address_km, place.address_en)
        hours = in_readers_language(place.hours_km, place.hours_en)
        lines = (
            in_readers_language(place.name_km, place.name_en),
            address,
            f"{_('Open:')} {hours}" if hours else "",
            f"{_('Phone:')} {place.phone}" if place.phone else "",
        )
        yield "\n".join(line for line in lines if line)
