"""Personal data as a page or a slip may show it."""

from services.requests.models import Applicant
from tenants import sealing

SHOWN = 3


def masked_phone(applicant: Applicant) -> str:
    """The first and last three digits of the phone: 012 ••• 678; empty without one."""
    if applicant.phone_sealed is None:
        return ""
    number = sealing.unseal(bytes(applicant.phone_sealed)).replace("+855", "0", 1)
    return f"{number[:SHOWN]} ••• {number[-SHOWN:]}"
