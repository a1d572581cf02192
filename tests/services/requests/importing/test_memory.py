"""The memory of an import does not grow with the file."""

import gc
import tracemalloc

import pytest

from services.offices.actors import system_actor
from services.requests.importing.mapping import load_mapping
from services.requests.importing.running import Order, close_run, run_import
from services.requests.importing.staging import CHUNK
from tests.services.requests.importing.registers import as_workbook, synthetic

SMALL, LARGE = 1, 4
ROWS_OF_A_CASE = 6
MARGIN = 1.15


@pytest.mark.parametrize("suffix", ["csv", "xlsx"])
def test_the_peak_is_the_same_for_a_file_four_times_as_large(province, tmp_path, suffix):
    peaks = {}
    for size in (SMALL, SMALL, LARGE):
        cases = size * 2 * CHUNK // ROWS_OF_A_CASE
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
