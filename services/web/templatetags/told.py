"""The part of a file that tells who follows it and what became of each message."""

from collections.abc import Sequence

from django import template

from services.notify.models import Following
from services.notify.queries import MessageLine, followings_of, messages_of
from services.requests.models import ServiceRequest

register = template.Library()


@register.simple_tag
def followers(found: ServiceRequest) -> Sequence[Following]:
    """Return who follows or followed a request; on which way, never the address."""
    return followings_of(found.pk)


@register.simple_tag
def messages_told(found: ServiceRequest) -> Sequence[MessageLine]:
    """Return the newest messages about a request."""
    return messages_of(found.pk)
