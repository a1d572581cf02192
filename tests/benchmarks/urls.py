"""The public host's addresses and a bare view beside them."""

from django.http import HttpRequest, HttpResponse
from django.urls import path

from owso import urls_public
from owso.accounts.access import public

handler400 = urls_public.handler400
handler403 = urls_public.handler403
handler404 = urls_public.handler404
handler500 = urls_public.handler500


@public
def bare(request: HttpRequest) -> HttpResponse:
    """Answer without asking anything of anybody."""
    return HttpResponse("bare")


urlpatterns = [path("bare/", bare), *urls_public.urlpatterns]
