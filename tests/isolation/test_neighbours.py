"""As one province's role, every table of every other province is refused, whatever came before."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.db import DatabaseError, connection, transaction

from tenants.context import each_province
from tests.conftest import entered
from tests.isolation.tables import open_tables, outcome, own_offices, standing, tables_of

THEIRS = ("p02", "p12")
WRITES = (
    "INSERT INTO {table} DEFAULT VALUES",
    "UPDATE {table} SET id = id",
    "DELETE FROM {table}",
    "TRUNCATE {table}",
    "DROP TABLE {table}",
    "LOCK TABLE {table}",
    "COPY {table} TO STDOUT",
    "CREATE TABLE {table} (x int)",
)


@contextmanager
def rolled_back() -> Iterator[None]:
    """A transaction, or a savepoint inside one, that ends by being taken back."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


@pytest.mark.parametrize("statement", ["SELECT 1 FROM {table} LIMIT 1", *WRITES])
def test_every_table_of_every_neighbour_is_refused(province, statement):
    assert open_tables(tables_of(*THEIRS), statement) == {}


def test_every_table_is_refused_through_the_pool_and_new_connections(committed):
    tables = tables_of(*THEIRS)
    for _ in range(3):
        with entered("01"):
            assert open_tables(tables) == {}
        connection.close()


def test_after_an_error_the_role_still_stands(committed):
    with entered("01"):
        with pytest.raises(DatabaseError), connection.cursor() as cursor:
            cursor.execute("SELECT nonsense FROM nowhere")
        assert standing() == ("owso_p01", "p01")
        assert open_tables(tables_of(*THEIRS)) == {}


def test_after_a_rollback_the_role_still_stands(committed):
    with entered("01"):
        with rolled_back():
            own_offices()
        assert standing() == ("owso_p01", "p01")
        assert open_tables(tables_of(*THEIRS)) == {}


def test_a_province_entered_inside_a_rolled_back_transaction_does_not_stay(committed):
    with entered("01"):
        own_offices()
        with rolled_back(), entered("02"):
            assert own_offices() == {"02"}
        assert standing() == ("owso_p01", "p01")
        assert open_tables(tables_of(*THEIRS)) == {}


def test_a_province_entered_inside_a_rolled_back_savepoint_does_not_stay(committed):
    with entered("01"), transaction.atomic():
        own_offices()
        with rolled_back(), entered("02"):
            assert own_offices() == {"02"}
        assert standing() == ("owso_p01", "p01")
        assert own_offices() == {"01"}


def test_a_rollback_after_entering_leaves_no_older_role_behind(committed):
    """The roll-back takes the SET back too: what follows must set it again."""
    with entered("02"):
        own_offices()
    with entered("01"):
        with rolled_back():
            assert own_offices() == {"01"}
        assert standing() == ("owso_p01", "p01")
        with transaction.atomic():
            save = transaction.savepoint()
            with entered("12"):
                assert own_offices() == {"12"}
            transaction.savepoint_rollback(save)
            assert standing() == ("owso_p01", "p01")


def test_a_savepoint_rolled_back_within_the_province_entered_in_it_keeps_it(committed):
    with entered("01"):
        own_offices()
    with transaction.atomic():
        save = transaction.savepoint()
        with entered("02"):
            assert own_offices() == {"02"}
            transaction.savepoint_rollback(save)
            assert standing() == ("owso_p02", "p02")


def test_each_province_stands_in_each_in_turn_and_leaves_it(committed):
    seen = [(province.code, standing()) for province in each_province()]
    assert seen == [(code, (f"owso_p{code}", f"p{code}")) for code in ("01", "02", "12")]
    assert standing()[0] == "owso_portal"


def test_threads_never_read_a_neighbour(committed):
    """Eight threads change provinces over a pool of connections, with errors in between."""
    wrong: list[object] = []
    foreign = {"01": "p02", "02": "p12", "12": "p01"}
    first = {schema: tables_of(schema)[0] for schema in foreign.values()}

    def work(start: int) -> None:
        codes = list(foreign)
        try:
            for turn in range(60):
                code = codes[(start + turn) % 3]
                with entered(code):
                    if own_offices() != {code} or outcome(first[foreign[code]]) != "refused":
                        wrong.append((start, turn, code, standing()))
                if turn % 7 == start % 7:
                    connection.close()
        except Exception as error:
            wrong.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=work, args=(start,)) for start in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []


def test_a_new_thread_stands_nowhere_near_a_province(committed):
    seen: list[object] = []

    def look() -> None:
        seen.append(standing())
        connection.close()

    with entered("01"):
        thread = threading.Thread(target=look)
        thread.start()
        thread.join()
    assert seen == [("owso_portal", "public")]
