"""The registers that import tests run on."""

from pathlib import Path

import pytest

from tests.services.requests.importing.registers import REAL, synthetic

AVAILABLE = ["synthetic", *(["municipal"] if REAL.is_file() else [])]


@pytest.fixture(params=AVAILABLE)
def register(request, tmp_path) -> Path:
    """A register of the municipal shape: a made one, and the real one where it is there."""
    if request.param == "municipal":
        return REAL
    return synthetic(tmp_path / "register.csv")
