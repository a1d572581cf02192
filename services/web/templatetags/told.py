"""The part of a file that tells who follows it and what became of each message."""

from django import template

from services.notify.queries import Told, told_of
from services.requests.models import ServiceRequest

register = template.Library()


@register.simple_tag
def told(found: ServiceRequest) -> Told:
    """Return who follows a request and the newest messages about it, without addresses."""
    return told_of(found.pk)
