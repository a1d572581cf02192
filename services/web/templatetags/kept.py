"""A part of a template whose HTML is kept in the process for a while."""

from typing import Any

from django import template
from django.utils.translation import get_language

from services.short_cache import ShortCache
from tenants.context import current_province

register = template.Library()
SECONDS = 30.0
_kept: ShortCache[tuple[Any, ...], str] = ShortCache(SECONDS, most=2_000)


class KeptNode(template.Node):
    """What stands between the tags, rendered once for each set of values it depends on."""

    def __init__(self, inner: template.NodeList, depends: list[Any]) -> None:
        self.inner = inner
        self.depends = depends

    def render(self, context: template.Context) -> str:
        """Give the kept HTML, made anew when a value differs or half a minute went by."""
        values = tuple(each.resolve(context, ignore_failures=True) for each in self.depends)
        key = (id(self), current_province().schema_name, get_language(), values)
        return _kept.get(key, lambda: str(self.inner.render(context)))


@register.tag
def kept(parser: Any, token: Any) -> KeptNode:
    """Keep what stands up to `endkept` for everybody with equal values of the arguments.

    They must name everything that the part shows and that differs between readers; the
    province and the language are always among them. No form with a token may stand inside.
    """
    depends = [parser.compile_filter(bit) for bit in token.split_contents()[1:]]
    inner = parser.parse(("endkept",))
    parser.delete_first_token()
    return KeptNode(inner, depends)


def forget_kept() -> None:
    """Drop what this process keeps."""
    _kept.clear()
