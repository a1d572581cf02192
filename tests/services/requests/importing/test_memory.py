"""The memory of an import does not grow with the file."""

import gc
import tracemalloc

import pytest

from services.offices.actors import system_actor
from services.requests.importing import staging, workbook
from services.requests.importing.mapping import load_mapping
from services.requests.importing.running import Order, close_run, run_import
from tests.services.requests.importing.registers import as_workbook, synthetic

WARM, SMALL, LARGE = 0.25, 1, 4
CHUNK = 1_000
"""Half of what an import takes and remembers at a time: half the rows then show as much."""
ROWS_OF_A_CASE = 6
MARGIN = 1.4
"""What other work leaves behind comes to some hundred KB of three MB; a peak that grew with the
file would be four times as high."""


@pytest.mark.parametrize("suffix", ["csv", "xlsx"])
def test_the_peak_is_the_same_for_a_file_four_times_as_large(
    province, tmp_path, monkeypatch, suffix
):
    monkeypatch.setattr(staging, "CHUNK", CHUNK)
    monkeypatch.setattr(workbook, "RECENT_TEXTS", CHUNK)
    peaks = {}
    for size in (WARM, SMALL, LARGE):
        cases = int(size * 2 * CHUNK) // ROWS_OF_A_CASE
        path = synthetic(tmp_path / "register.csv", cases=cases)
        if suffix == "xlsx":
            path = as_workbook(path, tmp_path / "register.xlsx")
        order = Order(path=path, mapping=load_mapping("municipal-receipts"), is_dry_run=True)
        # As in the command's own process: what earlier work left is not this import's, and
        # does not keep the collector from its full rounds, which go by what has grown old.
        gc.collect()
        gc.freeze()
        tracemalloc.start()
        run = run_import(order, by=system_actor("test"))
        peaks[size] = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        gc.unfreeze()
        assert (run.imported, run.refused_cases) == (cases, 0)
        close_run(run)
    assert peaks[LARGE] < peaks[SMALL] * MARGIN
