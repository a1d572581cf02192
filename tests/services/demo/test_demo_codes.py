import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.demo.codes import code_from_bits
from services.requests.codes import parse_code, province_of


@given(st.sampled_from(["01", "12", "25"]), st.integers(0, 2**50 - 1))
def test_a_code_made_of_bits_is_accepted_as_typed(province, bits):
    code = code_from_bits(province, bits)
    assert parse_code(code) == code
    assert province_of(code) == province


@pytest.mark.parametrize(("one", "other"), [(0, 1), (2**49, 2**49 + 2**10), (7, 7 << 40)])
def test_other_bits_make_another_code(one, other):
    assert code_from_bits("01", one) != code_from_bits("01", other)
