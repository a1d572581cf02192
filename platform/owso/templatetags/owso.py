"""Filters and tags for riel, days, names, standings and the language switch."""

from django import template
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.safestring import SafeString

from owso import formats

register = template.Library()

register.filter("riel", formats.riel)
register.filter("dollars", formats.dollars)
register.filter("local_day", formats.local_day)
register.filter("local_time", formats.local_time)
register.filter("local_datetime", formats.local_datetime)
register.filter("duration", formats.duration)
register.filter("name_of", formats.name_of)


@register.filter
def mark(text: object) -> SafeString:
    """The visible mark beside a figure that is not law; nothing beside one that is."""
    return format_html('<span class="ow-mark">{}</span>', text) if text else SafeString()


@register.simple_tag(takes_context=True)
def language_link(context: template.Context, language: str) -> str:
    """The address of this very page, filters kept, in another language."""
    request = context.get("request")
    if not isinstance(request, HttpRequest):
        return f"?lang={language}"
    query = request.GET.copy()
    query["lang"] = language
    return f"?{query.urlencode()}"
