"""What the pages say of money: links by right, signed dollars."""

from django import template
from django.http import HttpRequest

from owso.accounts.permissions import Verb

register = template.Library()


@register.inclusion_tag("till/_links.html", takes_context=True)
def till_links(context: template.Context) -> dict[str, object]:
    """The links to tills and deposits that this person may follow at this office."""
    request = context.get("request")
    actor, desk = getattr(request, "actor", None), getattr(request, "desk", None)
    if not isinstance(request, HttpRequest) or actor is None or desk is None:
        return {}
    return {
        "here": context.get("here"),
        "has_till": actor.may(Verb.TAKE_PAYMENT, office_id=desk.id),
        "checks": actor.may(Verb.CHECK_TILL, office_id=desk.id),
        "deposits": actor.may(Verb.MAKE_DEPOSIT, office_id=desk.id)
        or actor.may(Verb.CONFIRM_DEPOSIT, office_id=desk.id),
    }
