"""The main part of the tracking page as HTML.

Written out in Python, and not in a template, as this one page is opened more often than all others
together: rendering its template took a third of its time (see the decision on this page).
"""

from collections.abc import Callable
from functools import lru_cache
from html import escape

from django.utils import translation
from django.utils.translation import ngettext

from owso.phrases import phrases
from services.web.portal.page import NOW, Page, Step

Say = Callable[[str], str]


def body_of(page: Page, language: str, likely: str = "") -> str:
    """Write the page's main part; every text that comes from data is escaped here.

    `likely` is the estimate of the day it will be ready, empty for none.
    """
    _ = phrases(language)
    head = (
        f'<div class="ow-head" data-live><h1>{escape(page.service)}</h1>'
        f"<p>{escape(page.office)}</p>"
        f'<span class="ow-code">{page.code}</span></div>'
    )
    stages = (
        f'<section class="ow-card"><h2>{_("Stage by stage")}</h2>'
        f'<ol class="ow-steps">{"".join(map(_step, page.steps))}</ol></section>'
    )
    days, money, place = _days(page, language, _), _fee(page, _), _office(page, _)
    now, links, voice = _now(page, _, likely), _links(page, _), _voice(page, _)
    return "".join((head, now, links, stages, days, money, place, voice))


def _mark(text: str) -> str:
    return f' <span class="ow-mark">{escape(text)}</span>' if text else ""


def _now(page: Page, _: Say, likely: str) -> str:
    bring = "".join(f"<li>{escape(paper)}</li>" for paper in page.bring)
    answer = f'<p class="ow-now__day">{page.answer_note} {page.answer}</p>' if page.answer else ""
    limit = f"<p>{_('Legal limit:')} {page.limit}{_mark(page.limit_mark)}</p>" if page.limit else ""
    estimate = f'<p class="ow-small">{likely}</p>' if likely else ""
    lines = (line for line in (page.whereto, page.next) if line)
    following = "".join(f'<p class="ow-small">{escape(line)}</p>' for line in lines)
    return (
        f'<section class="ow-now ow-now--{page.tone}" aria-label="{_("Where it stands now")}">'
        f'<p class="ow-state ow-state--{page.tone}">{escape(page.now)}</p>'
        f"{f'<ul>{bring}</ul>' if bring else ''}{answer}{limit}{estimate}{following}</section>"
    )


def _links(page: Page, _: Say) -> str:
    more = f'<a href="/t/{page.code}/more">{_("More, with my phone number")}</a>'
    if page.tone == "done":
        return f'<p class="ow-links">{more}</p>'
    follow = f'<a href="/f/{page.code}">{_("Be told of every stage")}</a>'
    return f'<p class="ow-links">{follow} {more}</p>'


def _step(step: Step) -> str:
    current = ' aria-current="step"' if step.kind == NOW else ""
    name, when = escape(step.name), escape(step.when)
    return f'<li class="{step.kind}"{current}><b>{name}</b><span>{when}</span></li>'


def _days(page: Page, language: str, _: Say) -> str:
    if not page.days:
        return ""
    caption = f"{_limit_text(page.limit_days, language)}{_mark(page.limit_mark)}"
    return (
        f"<details><summary>{_('Why this date?')}</summary>"
        f'<table class="ow-days"><caption>{caption}</caption>'
        f"<tbody>{page.days}</tbody></table></details>"
    )


@lru_cache(maxsize=1024)
def _limit_text(days: int, language: str) -> str:
    with translation.override(language):
        return ngettext(
            "The legal limit is %(days)s working day.",
            "The legal limit is %(days)s working days.",
            days,
        ) % {"days": days}


def _fact(term: str, detail: str) -> str:
    return f"<div><dt>{term}</dt><dd>{detail}</dd></div>" if detail else ""


def _fee(page: Page, _: Say) -> str:
    if not page.fee:
        return ""
    return (
        f'<section class="ow-card"><h2>{_("Fee")}</h2><dl class="ow-facts">'
        f"{_fact(_('Fee of the catalogue'), page.fee + _mark(page.fee_mark))}"
        f"{_fact(_('Paid'), page.paid)}{_fact(_('Receipt'), ', '.join(page.receipts))}"
        "</dl></section>"
    )


def _office(page: Page, _: Say) -> str:
    phone = escape(page.phone)
    call = f'<a href="tel:{phone.replace(" ", "")}">{phone}</a>' if phone else ""
    return (
        f'<section class="ow-card"><h2>{_("The office")}</h2><dl class="ow-facts">'
        f"{_fact(_('Name'), escape(page.office))}{_fact(_('Address'), escape(page.address))}"
        f"{_fact(_('Phone'), call)}{_fact(_('Open'), page.hours)}"
        f"{_fact(_('Map'), _map(page, _))}</dl></section>"
    )


def _map(page: Page, _: Say) -> str:
    web, own = escape(page.map.web), escape(page.map.phone)
    return (
        f'<a href="{web}" rel="noopener noreferrer">OpenStreetMap</a>'
        f' · <a href="{own}">{_("Map of the phone")}</a>'
    )


def _voice(page: Page, _: Say) -> str:
    """The ways to say how it was, and that something is wrong."""
    rating = f'<a href="/t/{page.code}/rate">{_("How was it?")}</a>' if page.is_collected else ""
    complaint = f'<a href="/complain?code={page.code}">{_("Something is wrong")}</a>'
    return f"<p>{' · '.join(filter(None, (rating, complaint)))}</p>"
