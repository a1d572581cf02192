"""Who works at the till, for tests that do not choose somebody of their own."""

import pytest

from tests.factories import staff
from tests.services.cashier.tills import opened


@pytest.fixture
def cashier(province):
    """Who takes money."""
    return staff("information_officer", "cashier")


@pytest.fixture
def till(cashier):
    """Their open till."""
    return opened(cashier)


@pytest.fixture
def chief(province):
    """Who approves."""
    return staff("chief")
