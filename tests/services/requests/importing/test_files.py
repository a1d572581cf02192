"""Files that are bad as a whole are refused with a clear message; workbooks keep their types."""

import json
import zipfile
from datetime import date, datetime

import pytest
from openpyxl import Workbook

from services.requests.importing.mapping import SHIPPED, checked_mapping, stage_code
from services.requests.models import ServiceRequest
from tenants import clock
from tests.services.requests.importing.conftest import GOOD, HEADER, MAPPING

# Cells of a workbook know no time zone.
AT_NINE = [datetime(2024, 5, day, 9) for day in (6, 7, 10)]  # noqa: DTZ001 - as said
RECEIVED, STAGED, ENDED = AT_NINE
ROW = ["B", RECEIVED, date(2024, 6, 6), ENDED, "check"]


@pytest.fixture
def book(tmp_path):
    """Save rows under the header as a workbook."""

    def save(*rows: list, header: list | None = None, name: str = "register.xlsx"):
        workbook = Workbook()
        for row in [header or HEADER, *rows]:
            workbook.active.append(row)
        workbook.save(tmp_path / name)
        return tmp_path / name

    return save


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("empty.csv", b"", "is empty"),
        ("blank.csv", b"\n\n,,\n", "is empty"),
        ("header.csv", b"No.,Received\nA,2024-01-01\n", "no column “Due”, “Ended”"),
        ("broken.xlsx", b"PK\x03\x04 nothing", "is damaged"),
        ("text.xlsx", b"No.,Received\n", "is damaged"),
        ("old.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "old or locked Excel"),
        ("wide.csv", b"\xff\xfeA", "not text in the encoding utf-16"),
    ],
)
def test_a_file_that_is_no_register_is_refused(import_file, tmp_path, name, content, message):
    path = tmp_path / name
    path.write_bytes(content)
    answer = import_file(path)
    assert answer.code == 1
    assert message in answer.error
    assert not ServiceRequest.objects.exists()


def test_a_file_that_is_not_there_is_said_so(import_file, tmp_path):
    assert "cannot be opened" in import_file(tmp_path / "nowhere.csv").error


def test_a_workbook_cut_short_is_refused(import_file, book):
    path = book(*GOOD)
    path.write_bytes(path.read_bytes()[:-200])
    assert "is damaged" in import_file(path).error


def test_a_workbook_with_a_spoilt_sheet_is_refused(import_file, book, tmp_path):
    whole, spoilt = book(*GOOD), tmp_path / "spoilt.xlsx"
    with zipfile.ZipFile(whole) as source, zipfile.ZipFile(spoilt, "w") as target:
        for name in source.namelist():
            content = source.read(name)
            target.writestr(name, content[: len(content) // 2] if "sheet1" in name else content)
    assert "is damaged" in import_file(spoilt).error
    assert not ServiceRequest.objects.exists()


def test_dates_of_a_workbook_are_local_and_a_due_day_lasts_to_its_end(import_file, book):
    assert import_file(book([*ROW, STAGED])).code == 0
    request = ServiceRequest.objects.get()
    local = [
        moment.astimezone(clock.LOCAL).isoformat(sep=" ", timespec="minutes")[:16]
        for moment in (request.received_at, request.due_at, request.ready_at)
    ]
    assert local == ["2024-05-06 09:00", "2024-06-06 23:59", "2024-05-10 09:00"]
    assert request.due_on == date(2024, 6, 6)


def test_a_number_as_reference_is_the_same_in_a_workbook_and_in_csv(import_file, book, tmp_path):
    row = [10011, *ROW[1:], STAGED]
    import_file(book(row))
    path = tmp_path / "same.csv"
    lines = [HEADER, ["10011", *map(str, ROW[1:]), "2024-05-07 09:00"]]
    path.write_text("\n".join(",".join(line) for line in lines), encoding="utf-8")
    assert "Taken over before: 1" in import_file(path).printed


@pytest.mark.parametrize(
    ("cell", "message"),
    [
        ("=B2+1", "holds a formula"),
        ("#REF!", "holds the error “#REF!”"),
        (45_123, "“45123” is not a date"),
        (True, "“True” is not a date"),
    ],
)
def test_a_cell_that_is_no_date_is_refused(import_file, book, cell, message):
    answer = import_file(book(*GOOD, [*ROW, cell]))
    assert answer.code == 1
    assert answer.lines(message) == [4]
    assert ServiceRequest.objects.get().source_ref == "A-1"


def test_another_sheet_can_be_named(import_file, book):
    answer = import_file(book(*GOOD), sheet="Nowhere")
    assert "no sheet “Nowhere”" in answer.error
    assert import_file(book(*GOOD), sheet="Sheet").code == 0


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"source": ""}, "“source” in the mapping"),
        ({"colums": {}}, "unknown key “colums”"),
        ({"columns": {"reference": "No."}}, "must name the column of “received”"),
        ({"columns": {**MAPPING["columns"], "name": "Name"}}, "unknown key “name”"),
        ({"service": {}}, "must name a service"),
        ({"service": {"code": "NO-SUCH"}}, "Rows that were refused: 2"),
        ({"office": {"code": "9999"}}, "no active office “9999”"),
        ({"encoding": "klingon"}, "no encoding “klingon”"),
        ({"delimiter": ";;"}, "separator"),
        ({"dates": {"timezone": "Mars/Olympus"}}, "no time zone"),
        ({"dates": {"format": "yyyy"}}, "format of dates"),
        ({"completion": {"by": "luck"}}, "Completion goes by"),
        ({"completion": {"by": "stage"}}, "what counts as completion"),
        ({"completion": {"completed_as": "lost"}}, "ends as ready"),
        ({"stages": {"codes": {"check": "x" * 41}}}, "at most 40 characters"),
        ({"stages": {"unknown": "guess"}}, "either to “keep”"),
    ],
)
def test_a_wrong_mapping_is_explained(import_file, tmp_path, changes, message):
    path = tmp_path / "good.csv"
    path.write_text("\n".join(",".join(row) for row in [HEADER, *GOOD]), encoding="utf-8")
    answer = import_file(path, **changes)
    assert answer.code == 1
    assert message in answer.error
    assert not ServiceRequest.objects.exists()


def test_a_mapping_that_is_not_json_is_refused(import_file, tmp_path):
    path, other = tmp_path / "good.csv", tmp_path / "other.json"
    path.write_text(",".join(HEADER), encoding="utf-8")
    other.write_text("{", encoding="utf-8")
    assert "is not JSON" in import_file(path, "--mapping", str(other)).error
    assert "cannot be opened" in import_file(path, "--mapping", "nowhere").error


def test_an_unknown_province_is_said_so(import_file, tmp_path):
    path = tmp_path / "good.csv"
    path.write_text(",".join(HEADER), encoding="utf-8")
    assert "no province “99”" in import_file(path, "--province", "99").error


def test_shipped_mappings_are_sound():
    for path in SHIPPED.glob("*.json"):
        assert checked_mapping(json.loads(path.read_text("utf-8"))).source == path.stem


def test_long_stage_names_get_codes_that_differ():
    one, other = (stage_code("ពិនិត្យ" * 9 + end) for end in ("ក", "ខ"))
    assert one != other
    assert max(len(one), len(other)) <= 40
