"""Small numbers stay hidden, by themselves and by subtraction."""

from hypothesis import given
from hypothesis import strategies as st

from analytics.suppression import FEWEST, hidden_among, is_few

COUNTS = st.tuples(*[st.one_of(st.integers(0, 15), st.integers(0, 500))] * 3)
TABLES = st.dictionaries(st.integers(0, 30), COUNTS, max_size=12)


def test_a_count_is_few_from_one_to_nine():
    assert [is_few((count, 100)) for count in (0, 1, FEWEST - 1, FEWEST)] == [
        False,
        True,
        True,
        False,
    ]


@given(TABLES)
def test_no_row_with_few_is_shown(rows):
    hidden = hidden_among(rows)
    assert all(not is_few(counts) for key, counts in rows.items() if key not in hidden)


@given(TABLES)
def test_what_is_missing_from_the_total_is_of_several_rows_and_not_few(rows):
    hidden = hidden_among(rows)
    if not hidden or hidden == set(rows):
        return
    assert len(hidden) > 1
    for place in range(3):
        parts = [rows[key][place] for key in hidden]
        if any(0 < part < FEWEST for part in parts):
            assert sum(parts) >= FEWEST
            assert sum(part > 0 for part in parts) > 1


@given(TABLES)
def test_a_table_without_few_is_shown_whole(rows):
    if not any(is_few(counts) for counts in rows.values()):
        assert hidden_among(rows) == set()


def test_the_smallest_neighbour_is_hidden_with_it():
    rows = {"a": (5, 5, 5), "b": (40, 40, 40), "c": (20, 20, 20), "d": (0, 0, 0)}
    assert hidden_among(rows) == {"a", "c"}


def test_a_table_that_cannot_be_made_safe_is_hidden_whole():
    assert hidden_among({"a": (5, 5, 5), "b": (0, 0, 0)}) == {"a", "b"}
