"""Tells others, after the commit, that a province has new events; they register here."""

from collections.abc import Callable

from django.db import transaction

from tenants.context import current_province

Listener = Callable[[str], None]
_listeners: list[Listener] = []


def register(listener: Listener) -> None:
    """Have `listener(schema_name)` called after each commit that wrote events."""
    if listener not in _listeners:
        _listeners.append(listener)


def changed(schema_name: str) -> None:
    """Call every listener for a province."""
    for listener in tuple(_listeners):
        listener(schema_name)


def announce() -> None:
    """Arrange `changed` for the current province on commit.

    A listener that fails (a broker that is down) is logged and does not undo the action:
    the periodic sweep finds the events.
    """
    schema_name = current_province().schema_name

    # A named function: Django tells the name of a robust hook that failed; a partial has none.
    def tell() -> None:
        changed(schema_name)

    transaction.on_commit(tell, robust=True)
