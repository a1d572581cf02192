"""The drawers of a unit: opened in the morning, counted in the evening, compared with the day."""

import re

from deploy.selfcheck.browser import Browser
from deploy.selfcheck.forms import form_to
from deploy.selfcheck.problems import CheckError
from deploy.selfcheck.tally import Tally

FLOAT_RIEL = 100_000
HOLDERS = ("reception", "cashier")
PDF = b"%PDF"
_MISSING = re.compile(r"-([\d,]+) ៛")
_TILL = re.compile(r'href="(/tills/\d+)"')
_REPORT = re.compile(r'href="(/till/\d+/report\.pdf)"')


def open_tills(desks: dict[str, Browser]) -> None:
    """Open a till for everybody who takes money, each at the first counter that is free."""
    for name in HOLDERS:
        form = form_to(desks[name].get("/till").must(200), "/till/open")
        desks[name].submit(form, float_riel=str(FLOAT_RIEL)).must(302)


def close_tills(desks: dict[str, Browser], tally: Tally) -> None:
    """Count nothing in each drawer: what is missing must be the day's money and the floats.

    The reason is given, the chief approves, and the Z-report is printed.
    """
    missing = sum(_missing_in(desks[name]) for name in HOLDERS)
    expected = tally.income_riel + FLOAT_RIEL * len(HOLDERS)
    if missing != expected:
        raise CheckError(f"The tills should hold {expected} riel and say {missing}.")
    for name in HOLDERS:
        _explain(desks[name])
    listed = desks["chief"].get("/tills").must(200)
    for path in dict.fromkeys(_TILL.findall(listed.text)):
        form = form_to(desks["chief"].get(path).must(200), "/decision")
        desks["chief"].submit(form, decision="approve").must(302)
    for name in HOLDERS:
        _print(desks[name])


def _missing_in(desk: Browser) -> int:
    form = form_to(desk.get("/till/count").must(200), "/till/count")
    desk.submit(form).must(302)
    page = desk.get("/till").must(200)
    found = _MISSING.search(page.text)
    if found is None:
        raise CheckError(f"{page.address} shows no difference after an empty count.")
    return int(found[1].replace(",", ""))


def _explain(desk: Browser) -> None:
    form = form_to(desk.get("/till").must(200), "/till/reason")
    desk.submit(form, reason="ការពិនិត្យប្រព័ន្ធ").must(302)


def _print(desk: Browser) -> None:
    page = desk.get("/till").must(200)
    found = _REPORT.search(page.text)
    if found is None or not desk.get(found[1]).must(200).body.startswith(PDF):
        raise CheckError(f"{page.address} gives no Z-report.")
