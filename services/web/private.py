"""Personal data as a page or a slip may show it."""

from services.requests.models import ServiceRequest
from tenants import sealing

SHOWN = 3


def applicant_name(request: ServiceRequest) -> str:
    """The full name of the applicant; empty for a row of an older register without one."""
    return "" if request.applicant is None else request.applicant.full_name


def masked_phone(request: ServiceRequest) -> str:
    """The first and last three digits of the phone: 012 ••• 678; empty without one."""
    applicant = request.applicant
    if applicant is None or applicant.phone_sealed is None:
        return ""
    number = sealing.unseal(bytes(applicant.phone_sealed)).replace("+855", "0", 1)
    return f"{number[:SHOWN]} ••• {number[-SHOWN:]}"
