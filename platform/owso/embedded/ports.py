"""Finds loopback ports that nobody listens on."""

import socket

from owso.embedded.problems import ServerError

LOOPBACK = "127.0.0.1"
_TRIES = 200


def is_free(port: int) -> bool:
    """Whether a server could listen on this loopback port now."""
    with socket.socket() as probe:
        # As servers do: a connection still dying on the port does not make it taken.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((LOOPBACK, port))
        except OSError:
            return False
    return True


def free_port(preferred: int) -> int:
    """The preferred port when it is free, else the next free one above it."""
    last = min(preferred + _TRIES, 65535)
    for port in range(preferred, last + 1):
        if is_free(port):
            return port
    raise ServerError(f"No port is free from {preferred} to {last}.")


def listen(preferred: int) -> socket.socket:
    """A listening socket on the preferred loopback port or the next free one, held from now on."""
    while True:
        port = free_port(preferred)
        listener = socket.socket()
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind((LOOPBACK, port))
            listener.listen(512)
        except OSError:
            # Somebody was quicker between the look and the take.
            listener.close()
            preferred = port + 1
            continue
        return listener
