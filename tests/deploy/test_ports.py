"""Ports: the preferred one, else the next; held from the moment they are found."""

import socket

import pytest

from owso.embedded.ports import LOOPBACK, free_port, is_free, listen
from owso.embedded.problems import ServerError


@pytest.fixture
def taken():
    with socket.socket() as listener:
        listener.bind((LOOPBACK, 0))
        listener.listen()
        yield listener.getsockname()[1]


def test_a_port_with_a_listener_is_not_free(taken):
    assert not is_free(taken)


def test_the_next_port_is_found_when_the_preferred_one_is_taken(taken):
    found = free_port(taken)
    assert found > taken
    assert is_free(found)


def test_a_listener_on_every_address_takes_the_loopback_port_too():
    with socket.socket() as listener:
        listener.bind(("0.0.0.0", 0))  # noqa: S104 (the case under test)
        listener.listen()
        assert not is_free(listener.getsockname()[1])


def test_two_listeners_that_want_one_port_get_two(taken):
    with listen(taken) as first, listen(taken) as second:
        ports = {first.getsockname()[1], second.getsockname()[1]}
    assert len(ports) == 2
    assert taken not in ports


def test_the_end_of_the_range_is_told_and_not_an_endless_search():
    with socket.socket() as last:
        last.bind((LOOPBACK, 65535))
        last.listen()
        with pytest.raises(ServerError, match="No port is free"):
            free_port(65535)
