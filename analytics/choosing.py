"""Which provinces a command works on."""

from __future__ import annotations

from django.core.management.base import CommandError
from django.utils.translation import gettext as _

from tenants.context import as_national
from tenants.models import Province


def chosen_provinces(code: str | None) -> list[Province]:
    """Return the province of a code, or all; raises CommandError for an unknown code."""
    with as_national():
        provinces = list(Province.objects.order_by("code"))
    if code is None:
        return provinces
    found = [province for province in provinces if province.code == code]
    if not found:
        raise CommandError(_("There is no province with the code %(code)s.") % {"code": code})
    return found
