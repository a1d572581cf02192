"""The rows of a queue and the choices of its filters as HTML.

Written out in Python, as the tracking page is: a back office reloads its queue all day, and twenty
five rows of a template took as long as the whole page takes now. What comes from data is escaped
here.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from html import escape

from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe

from owso.formats import language
from services.catalogue.terms import VersionTerms
from services.offices.queries import at_level
from services.web.counter.queue_lines import Line


@dataclass(frozen=True, slots=True)
class Choices:
    """The options of the filters: the services of the office's level, their stages and sectors."""

    services: SafeString
    stages: SafeString
    sectors: SafeString


_choices: dict[tuple[str, str], tuple[tuple[VersionTerms, ...], Choices]] = {}
_A_CODE, _LATE = "-", ' class="is-late"'


def rows_html(lines: Iterable[Line]) -> SafeString:
    """The body of the table."""
    before, after = _address()
    return mark_safe("".join(_row(line, before, after) for line in lines))  # noqa: S308 - escaped in _row


def choices_of(office_kind: str, *, on: date) -> Choices:
    """What can be filtered by at an office of this kind, none of it chosen; no query.

    Written anew only when the catalogue was read anew.
    """
    services = at_level(office_kind, on)
    key = office_kind, language()
    kept = _choices.get(key)
    if kept is None or kept[0] is not services:
        kept = _choices[key] = services, _written(services)
    return kept[1]


def chosen_among(choices: Choices, asked: Mapping[str, str]) -> Choices:
    """The same with what the address asks for chosen; an unknown value chooses nothing."""
    return Choices(
        services=_with_chosen(choices.services, asked.get("service", "")),
        stages=_with_chosen(choices.stages, asked.get("stage", "")),
        sectors=_with_chosen(choices.sectors, asked.get("sector", "")),
    )


def _written(services: Iterable[VersionTerms]) -> Choices:
    stages = {stage.code: stage.name for terms in services for stage in terms.stages}
    sectors = {str(terms.sector_id): terms.sector_name for terms in services}
    return Choices(
        services=_options((str(terms.service_id), terms.name) for terms in services),
        stages=_options(stages.items()),
        sectors=_options(sectors.items()),
    )


def _options(choices: Iterable[tuple[str, str]]) -> SafeString:
    return mark_safe(  # noqa: S308 - escaped here
        "".join(
            f'<option value="{escape(value)}">{escape(name)}</option>' for value, name in choices
        )
    )


def _with_chosen(options: SafeString, chosen: str) -> SafeString:
    if not chosen:
        return options
    value = f'<option value="{escape(chosen)}"'
    return mark_safe(options.replace(value, f"{value} selected", 1))  # noqa: S308 - still escaped


@lru_cache(maxsize=1)
def _address() -> tuple[str, str]:
    """What stands before and after the code in the address of a file."""
    before, _code, after = reverse("request", args=[_A_CODE]).partition(_A_CODE)
    return before, after


def _row(line: Line, before: str, after: str) -> str:
    code, is_late = line.code, line.tone == "late"
    tick = (
        f'<input type="checkbox" name="row" value="{line.row}" aria-label="{code}">'
        if line.may_be_ticked
        else ""
    )
    return (
        f"<tr{_LATE if is_late else ''}>"
        f'<td>{tick}</td><td class="ow-num">{_limit(line, is_late=is_late)}</td>'
        f'<td><a class="govuk-link ow-code" href="{before}{code}{after}">{code}</a></td>'
        f"<td>{escape(line.service)}</td><td>{escape(line.applicant)}</td>"
        f"<td>{_stage(line)}</td><td>{_with(line)}</td></tr>\n"
    )


def _limit(line: Line, *, is_late: bool) -> str:
    if not line.left:
        return line.due
    return (
        f'<span class="ow-state ow-state--{line.tone}">{line.left}</span><br>'
        f'<progress class="ow-left ow-left--{line.tone}" max="100"'
        f' value="{100 if is_late else line.share}" aria-hidden="true"></progress>'
        f' <span class="ow-quiet">{line.due}</span>'
    )


def _stage(line: Line) -> str:
    stage = escape(line.stage)
    if line.left:
        return stage
    state = f'<span class="ow-state ow-state--{line.tone}">{escape(line.state)}</span>'
    return f'{state}<br><span class="ow-quiet">{stage}</span>' if stage else state


def _with(line: Line) -> str:
    name = escape(line.with_whom)
    return f"<strong>{name}</strong>" if line.is_taken else f'<span class="ow-quiet">{name}</span>'
