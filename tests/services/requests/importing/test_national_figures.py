"""An imported register gives the national figures that an independent calculation gives."""

import os
import signal
import subprocess
import sys
from contextlib import ExitStack
from pathlib import Path

import pytest
from django.db import connection
from django.db.models import Sum

from analytics.folding import fold
from analytics.models import ProvinceOpen, StageDay
from analytics.periods import EVERYTHING, period_of
from analytics.queries import national
from analytics.verification import verify
from services.requests.importing.models import ImportLine, ImportNote, ImportRun, Phase
from services.requests.models import ServiceRequest
from tenants import clock
from tenants.context import as_national, province_by_code
from tests import databases
from tests.conftest import entered
from tests.services.requests.importing.registers import as_workbook, synthetic, truth_of

CODE = "12"


def command(path: Path, *more: str) -> list[str]:
    return [
        "import_register",
        str(path),
        "--province",
        CODE,
        "--mapping",
        "municipal-receipts",
        *more,
    ]


def start(path: Path, *more: str) -> subprocess.Popen:
    """Start an import in a process of its own, to be killed."""
    return subprocess.Popen(
        [sys.executable, str(databases.ROOT / "manage.py"), *command(path, *more)],
        env=databases.environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )


def assert_national_equals(truth) -> None:
    """Fold everything and compare each national figure with the truth of the file."""
    province = province_by_code(CODE)
    assert province is not None
    fold(province)
    with as_national():
        total = national(period_of(EVERYTHING, today=clock.today())).total
        stages = {
            row["stage_code"]: (row["left"], row["minutes"])
            for row in StageDay.objects.filter(province=province, departed__gt=0)
            .values("stage_code")
            .annotate(left=Sum("departed"), minutes=Sum("dwell_minutes"))
        }
        due = dict(ProvinceOpen.objects.filter(province=province).values_list("due_on", "n"))
    assert total.received == truth.cases
    assert total.completed == truth.completed
    assert (total.completed_on_time, total.completed_late) == (truth.on_time, truth.late)
    assert total.delivered == truth.completed
    assert total.open == truth.open
    assert total.median_minutes == truth.median
    assert total.p90_minutes == truth.p90
    assert stages == {code: (n, truth.dwell[code]) for code, n in truth.stages.items()}
    assert due == truth.open_by_day
    assert verify(province).is_equal


def test_the_national_figures_equal_an_independent_calculation(committed, register):
    databases.manage(*command(register))
    assert_national_equals(truth_of(register))


def test_importing_twice_changes_nothing(committed, register):
    databases.manage(*command(register))
    answer = databases.manage(*command(register, "--language", "en"))
    assert "Requests taken over: 0" in answer
    assert_national_equals(truth_of(register))


def test_a_workbook_gives_the_same_figures(committed, register, tmp_path):
    databases.manage(*command(as_workbook(register, tmp_path / "register.xlsx")))
    assert_national_equals(truth_of(register))


def loading(run: ImportRun) -> bool:
    return run.phase == Phase.LOADING and run.lines_read > 0


def gathering(run: ImportRun) -> bool:
    return run.phase == Phase.GATHERING and run.imported > 0


@pytest.mark.parametrize("moment", [loading, gathering])
def test_an_import_killed_in_the_middle_goes_on_where_it_stopped(committed, tmp_path, moment):
    register = synthetic(tmp_path / "register.csv", cases=1_000)
    truth = truth_of(register)
    process = start(register)
    with ExitStack() as stack, entered(CODE):
        stack.callback(process.kill)
        while not any(map(moment, ImportRun.objects.all())):
            assert process.poll() is None, process.communicate()[0]
        os.kill(process.pid, signal.SIGKILL)
        process.wait()
        run = ImportRun.objects.get()
        taken = ServiceRequest.objects.count()
        assert run.phase != Phase.DONE
        assert taken == run.imported < truth.cases
    answer = databases.manage(*command(register, "--resume", "--language", "en"))
    assert f"Requests taken over: {truth.cases}" in answer
    assert "Taken over before: 0" in answer
    with entered(CODE):
        assert ImportRun.objects.get().pk == run.pk
        assert not ImportLine.objects.exists()
        assert not ImportNote.objects.exists()
    assert_national_equals(truth)


def test_an_import_commits_in_small_steps_that_do_not_hold_the_fold_back(committed, tmp_path):
    register = synthetic(tmp_path / "register.csv", cases=600)
    process = start(register)
    province = province_by_code(CODE)
    assert province is not None
    folded_meanwhile = 0
    with ExitStack() as stack:
        stack.callback(process.kill)
        while process.poll() is None:
            folded_meanwhile += fold(province)
    assert process.returncode == 0, process.communicate()[0]
    assert folded_meanwhile > 0
    assert_national_equals(truth_of(register))


def test_a_second_import_of_the_same_register_is_kept_out(committed, tmp_path):
    register = synthetic(tmp_path / "register.csv", cases=5)
    with databases.owner_connection() as other, entered(CODE) as province:
        key = [f"import:{province.schema_name}", "municipal-receipts"]
        other.execute("SELECT pg_advisory_lock(hashtext(%s), hashtext(%s))", key)
        done = subprocess.run(
            [
                sys.executable,
                str(databases.ROOT / "manage.py"),
                *command(register, "--language", "en"),
            ],
            env=databases.environment(),
            capture_output=True,
            text=True,
            check=False,
        )
    assert done.returncode == 1
    assert "Another import of this register is running" in done.stderr
    with entered(CODE):
        assert not ServiceRequest.objects.exists()
        assert connection.schema_name == f"p{CODE}"
