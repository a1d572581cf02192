"""What every page knows of itself."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest

from owso.database.access import current


def page(request: HttpRequest) -> dict[str, Any]:
    """Give templates the province of the page and the address of the public host."""
    tenant = current().tenant
    return {
        "province": tenant if hasattr(tenant, "name_km") else None,
        "public_url": settings.PUBLIC_URL,
    }
