"""The printed papers: pictures that stay as they are, digits, codes, marks, every format."""

import io
import re
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.utils import translation
from PIL import Image, ImageChops, ImageFilter

from owso.accounts.permissions import Role
from owso.audit.models import Reading
from services.cashier.tenders import Tender
from services.catalogue.queries import offered
from services.desk.actions import issue_ticket, print_sheets, register_at_desk
from services.desk.models import ORIGINAL_FOR, Paper, Sheet
from services.desk.queries import printings_of_job
from services.offices.queries import office
from services.requests.codes import format_code
from services.requests.intake import RepresentationDetails
from services.web.private import reading
from services.web.slips.posters import poster_of
from services.web.slips.printing import pdf_of, pictures_of, poster_pdf, qr_svg, rasters, ticket_pdf
from services.web.slips.texts import slip_of
from services.web.slips.tickets import ticket_text
from tenants import clock
from tests.factories import IntakeFactory, RequestFactory, district_office, staff
from tests.services.web.papers import KM, POSTER, SLIP, TICKET

GOLDEN = Path(__file__).parent / "golden"
PPI = 96
# A printer sets edges a shade lighter or darker; a letter elsewhere blackens whole spots.
SPOT = 60
MOST_SPOTS = 0.0002
PAPERS = [
    ("slip", SLIP, "a5", 0),
    ("slip", SLIP, "a5", 1),
    ("slip", SLIP, "a4", 1),
    ("slip", SLIP, "80mm", 0),
    ("slip", SLIP, "80mm", 1),
    ("poster", POSTER, "a4", 0),
    ("ticket", TICKET, "80mm", 0),
    ("ticket", TICKET, "a5", 0),
]


def grey(png: bytes) -> Image.Image:
    return Image.open(io.BytesIO(png)).convert("L")


def spots(made: Image.Image, golden: Image.Image) -> float:
    """The share of the sheet that is clearly darker or lighter than it was."""
    if made.size != golden.size:
        return 1.0
    softened = [each.filter(ImageFilter.BoxBlur(1)) for each in (made, golden)]
    counts = ImageChops.difference(*softened).histogram()
    return sum(counts[SPOT:]) / sum(counts)


@pytest.mark.parametrize(("name", "data", "paper", "page"), PAPERS)
def test_khmer_is_set_as_it_was(name, data, paper, page):
    """On purpose changed? Look at the picture pytest names, then put it in the place of the old."""
    png = rasters(name, {**data, "paper": paper}, ppi=PPI)[page]
    kept = GOLDEN / f"{name}-{paper}-{page}.png"
    assert kept.exists(), f"There is no picture {kept.name} to compare with."
    found = spots(grey(png), grey(kept.read_bytes()))
    assert found <= MOST_SPOTS, f"{kept.name}: {found:.2%} of the sheet differs"


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        ("ស្ត្រី", "ស្\u200cត្\u200cរី"),
        ("ខ្ញុំ", "ខ\u17d2\u200cញុំ"),
        ("សុវណ្ណារិទ្ធិ", "សុវណណារិទធិ"),
        ("២០២៦", "2026"),
    ],
    ids=["two subscripts", "subscript", "subscripts lost", "digits"],
)
def test_the_comparison_notices_a_word_set_wrong(right, wrong):
    lines = [[name, text.replace(right, wrong)] for name, text in KM["lines"]]
    assert lines != KM["lines"]
    broken = {**SLIP, "pages": [[{**KM, "lines": lines}, SLIP["pages"][0][1]]]}
    kept = (GOLDEN / "slip-a5-0.png").read_bytes()
    assert spots(grey(rasters("slip", broken, ppi=PPI)[0]), grey(kept)) > MOST_SPOTS


@pytest.fixture
def officer(province):
    return staff(Role.INFORMATION_OFFICER, Role.CASHIER)


def printed(request, by, *, later=timedelta(0), **kwargs):
    job = print_sheets(request.pk, by=by, **kwargs)
    with reading(by, Reading.SLIP):
        return slip_of(request, printings_of_job(by, request, job), now=clock.now() + later)


def words_of(page):
    return " ".join([*(text for _name, text in page.lines), *page.notes, page.mark])


def test_khmer_papers_carry_khmer_digits_and_english_ones_arabic(officer):
    slip = printed(RequestFactory(), officer)
    for khmer, english in slip.pages:
        assert not re.search("[0-9]", words_of(khmer))
        assert re.search("[0-9]", words_of(english))
        assert not re.search("[០-៩]", words_of(english))


def test_the_picture_carries_the_tracking_address(officer):
    request = RequestFactory()
    slip = printed(request, officer)
    assert slip.url == f"{settings.PUBLIC_URL}/t/{format_code(request.tracking_code)}"
    assert qr_svg(slip.url) != qr_svg(slip.url[:-1])


def test_a_reprint_says_that_it_is_a_copy_in_both_languages(officer):
    request = RequestFactory()
    first, second = printed(request, officer), printed(request, officer)
    assert {page.mark for pair in first.pages for page in pair} == {""}
    assert all(khmer.mark.startswith("ច្បាប់ចម្លងទី ១") for khmer, _english in second.pages)
    assert all(english.mark.startswith("Copy 1,") for _khmer, english in second.pages)


def test_an_original_fetched_long_after_says_that_it_is_a_copy(officer):
    slip = printed(RequestFactory(), officer, later=ORIGINAL_FOR + timedelta(seconds=5))
    assert all(page.mark for pair in slip.pages for page in pair)


def test_who_presents_the_papers_and_who_is_told_stand_on_the_slip(officer):
    acting = RepresentationDetails(
        name="កែវ មុន្នី", authority_kind="letter", phone="017 222 333", receives_notices=True
    )
    intake = IntakeFactory(representation=acting)
    made = register_at_desk(intake, Tender(), by=officer, wants_notices=True)
    _khmer, english = printed(made.request, officer).pages[0]
    lines = dict(english.lines)
    assert lines["Presented by"] == "កែវ មុន្នី (Letter of authority)"
    assert lines["Notices go to"] == "The representative"
    assert "017" not in words_of(english)


def test_a_receipt_taken_back_is_not_printed_and_a_new_one_is(officer):
    slip = printed(RequestFactory(), officer)
    assert [english.title for _khmer, english in slip.pages] == [
        "Application receipt",
        "Payment receipt",
    ]


def test_the_cover_leaves_room_to_sign(officer):
    slip = printed(RequestFactory(ready=True), officer, sheets={Sheet.COVER})
    ((khmer, english),) = slip.pages
    assert len(khmer.blanks) == len(english.blanks) == 3
    assert english.title == "Cover of the outcome"
    assert len(pictures_of(slip)) == 1


@pytest.mark.parametrize("paper", Paper)
def test_every_paper_prints_as_pdf_and_as_pictures(officer, paper):
    slip = printed(RequestFactory(), officer, paper=paper)
    assert pdf_of(slip).startswith(b"%PDF")
    pictures = pictures_of(slip)
    assert len(pictures) == 2
    assert all(b"<svg" in picture[:200] for picture in pictures)


def test_the_slips_are_put_together_in_a_fixed_number_of_queries(
    officer, django_assert_num_queries
):
    request = RequestFactory()
    job = print_sheets(request.pk, by=officer)
    rows = printings_of_job(officer, request, job)
    with reading(officer, Reading.SLIP):
        slip_of(request, rows, now=clock.now())
        with django_assert_num_queries(4):
            slip_of(request, rows, now=clock.now())


def poster(level="district", paper="a4"):
    place = office(district_office())
    services = offered(level, clock.today())
    return poster_of(services, office=place, on=clock.today(), paper=paper), services


def test_the_poster_shows_every_service_of_the_catalogue_once(province):
    made, services = poster()
    rows = [row for sector in made.sectors for row in sector.rows]
    assert len(rows) == len(services)
    assert {row.name_km for row in rows} == {terms.name_km for terms in services}
    assert len({sector.name_km for sector in made.sectors}) == len(made.sectors)


def test_the_poster_marks_what_is_not_law_and_nothing_else(province):
    made, services = poster()
    marks = {row.name_en: row for sector in made.sectors for row in sector.rows}
    for terms in services:
        row = marks[terms.name_en]
        is_demo = terms.standings.limit == "placeholder"
        assert ("demo figure, not law" in row.days_mark) == is_demo
        for tier, shown in zip(terms.fee.tiers, row.tiers, strict=False):
            is_demo = "placeholder" in {tier.standing, terms.standings.fee}
            assert ("demo figure, not law" in shown.mark) == is_demo, terms.service_code
    assert made.warning_km
    assert made.warning_en


def test_a_poster_without_doubtful_figures_has_no_warning(province):
    _made, services = poster()
    sourced = [
        terms
        for terms in services
        if {terms.standings.fee, terms.standings.limit, terms.standings.validity} == {"sourced"}
        and all(tier.standing == "sourced" for tier in terms.fee.tiers)
    ]
    assert sourced
    made = poster_of(sourced, office=office(district_office()), on=clock.today(), paper="a4")
    assert made.warning_km == ""


@pytest.mark.parametrize("paper", ["a4", "a3"])
def test_the_poster_prints_on_both_sizes_in_khmer_digits(province, paper):
    made, _services = poster("province", paper)
    amounts = [tier.amount for part in made.sectors for row in part.rows for tier in row.tiers]
    assert not any(re.search("[0-9]", amount) for amount in amounts)
    assert poster_pdf(made).startswith(b"%PDF")


@pytest.mark.parametrize("paper", Paper)
def test_a_ticket_says_how_many_are_before_and_no_name(officer, paper):
    ticket = issue_ticket(by=officer, office_id=district_office())
    text = ticket_text(ticket, office=office(district_office()), waiting=4, paper=paper)
    assert (text.number_km, text.number) == ("១", "1")
    assert text.ahead_en == "3 people are before you"
    assert text.ahead_km.startswith("មានមនុស្ស ៣ នាក់")
    assert ticket_pdf(text).startswith(b"%PDF")


def test_the_language_of_the_page_does_not_change_the_paper(officer):
    request = RequestFactory()
    with translation.override("km"):
        khmer = printed(request, officer, paper=Paper.A4)
    with translation.override("en"):
        english = printed(request, officer, paper=Paper.A4)
    assert [page.lines for pair in khmer.pages for page in pair] == [
        page.lines for pair in english.pages for page in pair
    ]
