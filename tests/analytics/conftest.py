"""The pages of the ministry need the built styles, as the offices' pages do."""

from tests.services.web.conftest import _built_styles

__all__ = ["_built_styles"]
