"""A bad row is refused with its line and a clear message; the good cases are taken over."""

import csv
from datetime import timedelta

import pytest

from services.requests.importing.models import ImportLine, ImportNote, ImportRun
from services.requests.models import RequestEvent, ServiceRequest, StageVisit
from tenants import clock
from tests.services.requests.importing.conftest import GOOD, HEADER

START, DUE, END = "2024-05-06 09:00", "2024-06-06", "2024-05-10 09:00"
STAGE = ["check", "2024-05-07 09:00"]
TOMORROW = (clock.now() + timedelta(days=1)).strftime("%Y-%m-%d %H:%M")


def references() -> list[str]:
    return sorted(ServiceRequest.objects.values_list("source_ref", flat=True))


@pytest.mark.parametrize(
    ("row", "column", "message"),
    [
        (["B", "", DUE, END, *STAGE], "Received", "date is missing"),
        (["B", START, DUE, END, "check", ""], "Done", "date is missing"),
        (["B", START, DUE, END, "", "2024-05-07"], "Stage", "no stage"),
        (["B", TOMORROW, DUE, "", "", ""], "Received", "in the future"),
        (["B", START, DUE, TOMORROW, *STAGE], "Ended", "in the future"),
        (["B", "1999-12-31 10:00", DUE, END, *STAGE], "Received", "before the year 2000"),
        (["B", "2024-02-30 10:00", DUE, END, *STAGE], "Received", "does not exist"),
        (["B", "0001-01-01", DUE, END, *STAGE], "Received", "does not exist"),
        (["B", START, "2999-01-01", END, *STAGE], "Due", "more than 20 years"),
        (["B", "soon", DUE, END, *STAGE], "Received", "is not a date"),
        (["B", START, DUE, END, "x" * 2_000, "2024-05-07"], "Stage", "holds 2000 characters"),
        (["B", START, DUE, END, "a\x00b", "2024-05-07"], "Stage", "cannot be printed"),
        (["", START, DUE, END, *STAGE], "No.", "which case"),
        (["B" * 121, START, DUE, END, *STAGE], "No.", "longer than 120"),
        (["B", START, DUE, END, *STAGE, "left over"], "", "has 7 cells"),
        (["B", START], "Due", ""),
    ],
)
def test_a_bad_row_is_named_and_only_its_case_left_out(import_rows, row, column, message):
    answer = import_rows(row)
    if not message:
        assert (answer.code, answer.report, references()) == (0, [], ["A-1", "B"])
        return
    assert answer.code == 1
    assert [(int(found[0]), found[1], found[2]) for found in answer.report] == [
        (4, column, "refused")
    ]
    assert message in answer.report[0][3]
    assert answer.report[0][4]
    assert references() == ["A-1"]


def test_one_bad_row_leaves_the_whole_case_out(import_rows):
    good, bad = ["B", START, DUE, END, *STAGE], ["B", START, DUE, END, "Sign", "2024-13-01"]
    answer = import_rows(good, bad, good)
    assert answer.lines("does not exist") == [5]
    assert "Cases refused: 1" in answer.printed
    assert references() == ["A-1"]
    assert not StageVisit.objects.exclude(request__source_ref="A-1").exists()
    assert not RequestEvent.objects.exclude(request__source_ref="A-1").exists()


def test_an_unknown_stage_is_refused_when_the_mapping_is_strict(import_rows):
    row = ["B", START, DUE, END, "Dance", "2024-05-07 09:00"]
    codes = {"check": "check", "Sign": "sign"}
    answer = import_rows(row, stages={"codes": codes, "unknown": "refuse"})
    assert answer.lines("does not know the stage “Dance”") == [4]
    assert references() == ["A-1"]


def test_an_unknown_stage_is_kept_as_given_when_the_mapping_says_so(import_rows):
    row = ["B", START, DUE, END, "Dance & sing", "2024-05-07 09:00"]
    answer = import_rows(row, stages={"codes": {"check": "check"}, "unknown": "keep"})
    assert answer.code == 0
    visits = StageVisit.objects.filter(request__source_ref="B")
    assert list(visits.values_list("stage_code", "stage_id")) == [("dance-sing", None)]


def test_khmer_digits_and_zero_width_spaces_are_read_as_meant(import_rows):
    row = ["​B​-2", "២០២៤-០៥-០៦ ០៩:០០", "2024​-06-06", " 2024-05-10 09:00​", *STAGE]
    answer = import_rows(row)
    assert (answer.code, answer.report) == (0, [])
    request = ServiceRequest.objects.get(source_ref="B-2")
    assert request.received_at.astimezone(clock.LOCAL).strftime("%Y-%m-%d %H:%M") == START
    assert request.ready_at.astimezone(clock.LOCAL).strftime("%Y-%m-%d %H:%M") == END


def test_a_ten_megabyte_cell_is_refused_and_the_rows_after_it_are_read(import_rows):
    giant = ["B", START, DUE, END, 'x, "y"\n' * 1_500_000, "2024-05-07"]
    answer = import_rows(giant, ["C", START, DUE, END, *STAGE])
    assert answer.lines("characters; a register cell holds at most 1000") == [4]
    assert references() == ["A-1", "C"]
    assert all(len(cell) < 300 for row in answer.report for cell in row)


def test_two_cases_with_one_reference_are_both_left_out(import_rows):
    one, other = ["B", START, DUE, END, *STAGE], ["B", "2024-07-01", DUE, END, *STAGE]
    answer = import_rows(one, other)
    assert answer.lines("says something else about case “B” than row 4") == [5]
    assert references() == ["A-1"]


def test_a_repeated_row_of_a_register_of_cases_is_taken_once(import_rows):
    columns = {name: HEADER[place] for place, name in enumerate(["reference", "received"])}
    columns["ended"] = "Ended"
    row = ["B", START, "", END, "", ""]
    answer = import_rows(row, row, columns=columns)
    assert answer.code == 0
    assert answer.lines("stands in line") == [3, 5]
    assert references() == ["A-1", "B"]


def test_odd_cases_are_taken_over_with_a_remark(import_rows):
    answer = import_rows(
        ["B", START, DUE, "2024-05-06 08:00", "check", "2024-05-06 07:00"],
        ["C", START, DUE, "2024-05-08 08:00", "check", "2024-05-09 07:00"],
    )
    assert answer.code == 0
    assert answer.lines("ended before it began") == [4]
    assert answer.lines("before the case began; it counts as lasting 0") == [4]
    assert answer.lines("after the end of the case: 1") == [5]
    events = RequestEvent.objects.filter(request__source_ref="B", kind="ready")
    assert list(events.values_list("duration_minutes", "was_late")) == [(0, False)]


def test_bytes_of_another_encoding_spoil_their_row_only(import_file, tmp_path):
    path = tmp_path / "latin.csv"
    rows = [HEADER, *GOOD, ["B", START, DUE, END, "Prüfung", "2024-05-07"]]
    path.write_bytes("\r\n".join(",".join(row) for row in rows).encode("latin-1"))
    answer = import_file(path)
    assert answer.lines("not readable in the encoding utf-8") == [4]
    assert references() == ["A-1"]


def test_the_encoding_of_the_mapping_is_used(import_file, tmp_path):
    path = tmp_path / "latin.csv"
    rows = [HEADER, ["B", START, DUE, END, "Prüfung", "2024-05-07"]]
    path.write_bytes("\n".join(";".join(row) for row in rows).encode("latin-1"))
    assert import_file(path, encoding="latin-1", delimiter=";").code == 0
    assert StageVisit.objects.get().stage_code == "prüfung"


def test_allowed_refusals_end_with_success(import_rows, import_file, tmp_path):
    import_rows(["B", "", DUE, END, *STAGE])
    answer = import_file(tmp_path / "rows.csv", "--allow-refused")
    assert (answer.code, answer.lines("missing")) == (0, [4])


def test_a_dry_run_reports_the_same_and_writes_nothing(import_rows, import_file, tmp_path):
    bad = ["B", "", DUE, END, *STAGE]
    path = tmp_path / "rows.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([HEADER, *GOOD, bad])
    rehearsed = import_file(path, "--dry-run")
    assert "Requests taken over: 1" in rehearsed.printed
    for model in (ServiceRequest, RequestEvent, ImportRun, ImportLine, ImportNote):
        assert not model.objects.exists()
    assert import_file(path).report == rehearsed.report
    assert references() == ["A-1"]


def test_the_report_speaks_khmer(import_rows):
    answer = import_rows(["B", "", DUE, END, *STAGE], language="km")
    assert answer.report == [
        [
            "4",
            "Received",
            "បដិសេធ",
            "ខ្វះកាលបរិច្ឆេទ។",
            "សូមកែក្រឡានេះ ហើយនាំចូលម្តងទៀត៖ រហូតដល់ពេលនោះ សំណុំរឿងទាំងមូលមិនទាន់បាននាំចូលទេ។",
        ]
    ]
    assert "ជួរដេកដែលត្រូវបានបដិសេធ" in answer.error


def test_a_case_that_changed_since_is_reported_and_left_as_it_is(import_rows):
    import_rows(["B", START, DUE, "", *STAGE])
    answer = import_rows(["B", START, DUE, END, *STAGE])
    assert "Taken over before: 2" in answer.printed
    assert answer.lines("was taken over before with other content") == [4]
    assert ServiceRequest.objects.get(source_ref="B").ready_at is None


def test_cells_that_look_like_formulas_do_not_calculate_in_the_report(import_rows):
    columns = {"reference": "No.", "received": "=Received", "ended": "Ended"}
    header = ["No.", "=Received", *HEADER[2:]]
    answer = import_rows(header, ["B", "", "", END, "", ""], columns=columns)
    assert answer.code == 1
    assert "no column “=Received”" in answer.error


def test_no_row_of_the_register_stays_in_the_workspace(import_rows):
    import_rows(["B", "", DUE, END, *STAGE])
    assert not ImportLine.objects.exists()
    assert not ImportNote.objects.exists()
    assert ImportRun.objects.get().finished_at is not None


def test_what_the_database_refuses_is_left_out_and_the_rest_of_its_batch_written(import_rows):
    import_rows()
    ServiceRequest.objects.filter(source_ref="A-1").update(source_ref="renamed")
    answer = import_rows(["B", START, DUE, END, *STAGE], ["C", START, DUE, END, *STAGE])
    assert answer.code == 1
    assert answer.lines("Case “A-1” was refused") == [2]
    assert references() == ["B", "C", "renamed"]
