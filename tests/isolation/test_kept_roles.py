"""A pooled connection keeps its role between two uses, and never gives it to somebody else."""

from django.db import connection, transaction

from tests.conftest import entered
from tests.isolation.tables import own_offices, standing


def _statements() -> list[str]:
    return [query["sql"] for query in connection.queries_log]


def _leave() -> None:
    """End one use of the pooled connection, as the end of an HTTP request does."""
    connection.close()


def test_the_next_use_by_the_same_province_sets_nothing_again(committed):
    seen: list[int] = []
    connection.force_debug_cursor = True
    try:
        with entered("01"):
            for _ in range(12):
                connection.queries_log.clear()
                assert own_offices() == {"01"}
                assert standing() == ("owso_p01", "p01")
                backend = connection.connection.info.backend_pid
                has_set = any("set_config" in text for text in _statements())
                assert has_set == (backend not in seen)
                seen.append(backend)
                _leave()
    finally:
        connection.force_debug_cursor = False
    assert len(set(seen)) < len(seen)


def test_the_next_use_by_a_neighbour_takes_its_own_role(committed):
    for code in ("01", "02", "01", "02"):
        with entered(code):
            assert own_offices() == {code}
            assert standing() == (f"owso_p{code}", f"p{code}")
        _leave()


def test_a_role_taken_in_a_transaction_that_was_rolled_back_is_not_believed(committed):
    with entered("01"):
        own_offices()
        with transaction.atomic():
            with entered("02"):
                assert own_offices() == {"02"}
            transaction.set_rollback(True)
        _leave()
        assert standing() == ("owso_p01", "p01")
    _leave()
    with entered("02"):
        assert standing() == ("owso_p02", "p02")
        assert own_offices() == {"02"}


def test_a_connection_that_the_server_ended_is_replaced_before_its_next_use(committed):
    from tests import databases

    with entered("01"):
        own_offices()
        ended = connection.connection.info.backend_pid
        _leave()
        with databases.owner_connection() as owner:
            owner.execute("SELECT pg_terminate_backend(%s, 5000)", [ended])
        assert own_offices() == {"01"}
        assert connection.connection.info.backend_pid != ended
        assert standing() == ("owso_p01", "p01")
