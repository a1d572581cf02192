"""The owner's rights, for tests that write shared tables."""

from tests.owner import _fresh_catalogue, _owner_login, owner

__all__ = ["_fresh_catalogue", "_owner_login", "owner"]
