"""What the person at the counter is told before anything is written down."""

from django import template
from django.conf import settings
from django.utils.translation import ngettext

from services.privacy.notice import NEWEST, Version
from services.retention.rules import YEAR

register = template.Library()


@register.simple_tag
def capture_notice() -> Version:
    """Return the wording in force."""
    return NEWEST


@register.simple_tag
def notice_address() -> str:
    """Return where anybody can read all of it."""
    return f"{settings.PUBLIC_URL}/privacy"


@register.simple_tag
def period_text(days: int) -> str:
    """Return a period in years where they are whole, in days otherwise."""
    years, rest = divmod(days, YEAR)
    if years and not rest:
        return ngettext("%(count)s year", "%(count)s years", years) % {"count": years}
    return ngettext("%(count)s day", "%(count)s days", days) % {"count": days}
