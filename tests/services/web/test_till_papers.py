"""X- and Z-reports, deposit slips and the KHQR on paper: Khmer is set as it was, on every paper."""

from pathlib import Path

import pytest

from services.cashier.actions import make_deposit
from services.cashier.tenders import Tender
from services.web.till.khqr_paper import khqr_png
from services.web.till.reporting import PAPERS, _plain, deposit_report, pdf_of, png_of, report_of
from tests.factories import district_office, staff
from tests.services.cashier.tills import (
    count_exactly,
    opened,
    pay,
    pay_by_phone,
    rate_of_today,
    with_account,
)
from tests.services.web.papers import EN, KM
from tests.services.web.test_papers import GOLDEN, MOST_SPOTS, PPI, grey, spots

CASHIER = "ព្រះស្រីសុវណ្ណារិទ្ធិ"
X = (
    {
        "title": "របាយការណ៍ X៖ បេឡាមិនទាន់បិទ",
        "office": KM["office"],
        "facts": [
            ["បញ្ជរ", "២"],
            ["បេឡាករ", CASHIER],
            ["បើកនៅ", "ពុធ ២៥ វិច្ឆិកា ២០២៦ ០៧:៣២"],
            ["គិតត្រឹម", "ពុធ ២៥ វិច្ឆិកា ២០២៦ ១១:០៥"],
        ],
        "money": [
            ["ប្រាក់ដើមក្នុងបេឡា", "២០០,០០០ ៛", "$២០.០០", False],
            ["សាច់ប្រាក់បានទទួល", "១,២៤៥,០០០ ៛", "$៣៥.០០", False],
            ["ប្រាក់អាប់", "-៨៥,៥០០ ៛", "-$៣.០០", False],
            ["ប្រាក់ដែលគួរមាន", "១,៣៥៩,៥០០ ៛", "$៥២.០០", True],
        ],
        "others": [
            ["ថ្លៃសេវាបានទទួលសរុប", "១,៤៦០,០០០ ៛"],
            ["តាម KHQR", "១២០,០០០ ៛ · ៣ ដង"],
            ["ក្នុងនោះជាដុល្លារ", "$១.២២"],
            ["បង្កាន់ដៃ", "0102-២០២៦-០០០១២៣ – 0102-២០២៦-០០០១៤៦ (២៤)"],
        ],
        "signers": ["បេឡាករ", "ប្រធានការិយាល័យ"],
    },
    {
        "title": "X-report: till not closed yet",
        "office": EN["office"],
        "facts": [
            ["Counter", "2"],
            ["Cashier", CASHIER],
            ["Opened at", "Wed 25 Nov 2026 07:32"],
            ["As of", "Wed 25 Nov 2026 11:05"],
        ],
        "money": [
            ["Opening float", "200,000 ៛", "$20.00", False],
            ["Cash received", "1,245,000 ៛", "$35.00", False],
            ["Change given", "-85,500 ៛", "-$3.00", False],
            ["Expected in the drawer", "1,359,500 ៛", "$52.00", True],
        ],
        "others": [
            ["Fees taken, all ways", "1,460,000 ៛"],
            ["By KHQR", "120,000 ៛ · 3 times"],
            ["Of it in dollars", "$1.22"],
            ["Receipts", "0102-2026-000123 – 0102-2026-000146 (24)"],
        ],
        "signers": ["Cashier", "Office chief"],
    },
)
Z = (
    {
        **X[0],
        "title": "របាយការណ៍ Z៖ បេឡាបានបិទ",
        "facts": [["លេខ", "Z-0102-000012"], *X[0]["facts"]],
        "money": [
            *X[0]["money"],
            ["ប្រាក់ដែលរាប់បាន", "១,៣៥៩,០០០ ៛", "$៥២.០០", True],
            ["លម្អៀង", "-៥០០ ៛", "$០.០០", True],
        ],
        "others": [*X[0]["others"], ["មូលហេតុនៃលម្អៀង", "ប្រាក់អាប់ខុស"], ["អនុម័តដោយ", CASHIER]],
    },
    {
        **X[1],
        "title": "Z-report: till closed",
        "facts": [["Number", "Z-0102-000012"], *X[1]["facts"]],
        "money": [
            *X[1]["money"],
            ["Counted", "1,359,000 ៛", "$52.00", True],
            ["Difference", "-500 ៛", "$0.00", True],
        ],
        "others": [
            *X[1]["others"],
            ["Reason for the difference", "ប្រាក់អាប់ខុស"],
            ["Approved by", CASHIER],
        ],
    },
)
DEPOSIT = (
    {
        "title": "ប័ណ្ណដាក់ប្រាក់ចូលរតនាគារ",
        "office": KM["office"],
        "facts": [
            ["លេខ", "D-0102-000003"],
            ["ធនាគារ ឬរតនាគារ", "រតនាគារខេត្ត"],
            ["ធ្វើដោយ", CASHIER],
        ],
        "money": [
            [f"Z-0102-000012 · {CASHIER}", "១,១៥៩,០០០ ៛", "$៣២.០០", False],
            ["ប្រាក់ត្រូវដាក់", "១,១៥៩,០០០ ៛", "$៣២.០០", True],
        ],
        "others": [["ស្ថានភាព", "រង់ចាំការបញ្ជាក់"]],
        "signers": ["អ្នកនាំប្រាក់", "អ្នកទទួលប្រាក់"],
    },
    {
        "title": "Deposit slip to the treasury",
        "office": EN["office"],
        "facts": [
            ["Number", "D-0102-000003"],
            ["Bank or treasury", "រតនាគារខេត្ត"],
            ["Made by", CASHIER],
        ],
        "money": [
            [f"Z-0102-000012 · {CASHIER}", "1,159,000 ៛", "$32.00", False],
            ["To be deposited", "1,159,000 ៛", "$32.00", True],
        ],
        "others": [["State", "Waits for confirmation"]],
        "signers": ["Brought by", "Received by"],
    },
)
SHEETS = [
    ("x-report", X, "a5"),
    ("x-report", X, "80mm"),
    ("z-report", Z, "a5"),
    ("z-report", Z, "a4"),
    ("z-report", Z, "80mm"),
    ("deposit", DEPOSIT, "a5"),
    ("deposit", DEPOSIT, "80mm"),
]
KHQR = "00020101021229180014owso_demo@bank52049399530311654045000580263"


def compared(made: bytes, kept: Path) -> float:
    assert kept.exists(), f"There is no picture {kept.name} to compare with."
    return spots(grey(made), grey(kept.read_bytes()))


@pytest.mark.parametrize(("name", "pages", "paper"), SHEETS)
def test_reports_of_tills_are_set_as_they_were(name, pages, paper):
    made = png_of(pages, paper=paper, ppi=PPI)
    assert compared(made, GOLDEN / f"{name}-{paper}.png") <= MOST_SPOTS


@pytest.mark.parametrize(("currency", "amount"), [("riel", "40,000 ៛"), ("dollars", "$1.22")])
def test_the_code_on_paper_is_set_as_it_was(currency, amount):
    made = khqr_png(KHQR, office=KM["office"], amount=amount, bill="0102-7", ppi=PPI)
    assert compared(made, GOLDEN / f"khqr-{currency}.png") <= MOST_SPOTS


def test_a_report_in_other_words_is_noticed():
    wrong = {**Z[0], "title": Z[0]["title"].replace("បេឡា", "បេឡ")}
    made = png_of([wrong, Z[1]], paper="a5", ppi=PPI)
    assert compared(made, GOLDEN / "z-report-a5.png") > MOST_SPOTS


def test_a_real_till_is_printed_in_both_languages_on_every_paper(province):
    cashier = staff("information_officer", "cashier")
    with_account()
    rate_of_today(4_100)
    till = opened(cashier)
    pay(cashier, Tender(currency="USD", cents=100, riel=1_000))
    pay_by_phone(cashier, currency="USD")
    x_report = [_plain(language, lambda: report_of(till)) for language in ("km", "en")]
    closed = count_exactly(till, cashier)
    deposit = make_deposit(district_office(), [closed.pk], bank="រតនាគារ", by=cashier)
    slip = [_plain(language, lambda: deposit_report(deposit)) for language in ("km", "en")]

    assert ["Of it in dollars", "$1.22"] in x_report[1]["others"]
    assert ["Cash received", "1,000 ៛", "$1.00", False] in x_report[1]["money"]
    assert [line[2] for line in slip[1]["money"]] == ["$1.00", "$1.00"]
    for pages in (x_report, slip):
        for paper in PAPERS:
            assert pdf_of(pages, paper=paper).startswith(b"%PDF")
