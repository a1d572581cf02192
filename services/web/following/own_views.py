"""One following's own page: what it tells, and the button that ends it."""

from django.http import HttpRequest, HttpResponse
from django.utils import translation
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from owso.accounts.access import public
from owso.middleware import LANGUAGE_COOKIE, client_address
from services.notify.actions import end_following
from services.notify.kinds import Channel, EndReason, FollowingState
from services.notify.models import Following
from services.notify.queries import following_by_id
from services.notify.tokens import read_stop_token
from services.requests.codes import format_code
from services.web.following.doors import too_often
from services.web.portal import lookups
from services.web.portal.answers import page
from tenants.context import in_province, province_by_code


@public
@csrf_exempt  # Whoever has the link may end it, and mail programs do so by themselves (RFC 8058).
@require_http_methods(["GET", "HEAD", "POST"])
def own(request: HttpRequest, token: str) -> HttpResponse:
    """Show a following and end it; opening the link alone ends nothing."""
    address = client_address(request)
    if not lookups.may_look_up(address):
        return too_often(request)
    known = read_stop_token(token)
    province = None if known is None else province_by_code(known[0])
    if known is None or province is None:
        if not lookups.may_miss(address):
            return too_often(request)
        return page("following/over.html", status=404)
    with in_province(province):
        if request.method == "POST":
            is_refusal = "refuse" in request.POST
            end_following(known[1], reason=EndReason.REFUSED if is_refusal else EndReason.STOPPED)
        following = following_by_id(known[1])
    if following is None:
        return page("following/over.html", status=410)
    return _own_page(request, following, token)


def _own_page(request: HttpRequest, following: Following, token: str) -> HttpResponse:
    has_chosen = "lang" in request.GET or LANGUAGE_COOKIE in request.COOKIES
    language = translation.get_language() if has_chosen else following.language
    context = {
        "token": token,
        "code": format_code(following.request.tracking_code),
        "following": following,
        "is_active": following.state == FollowingState.ACTIVE,
        "is_sms": following.channel == Channel.SMS,
        "was_refused": following.end_reason == EndReason.REFUSED,
    }
    with translation.override(language):
        return page("following/own.html", context)
