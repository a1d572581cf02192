"""The code of one payment on an 80 mm roll, in Khmer and English."""

import json
from pathlib import Path

from owso.formats import khmer_digits
from services.web.slips import printing

TEMPLATE = Path(__file__).parent / "khqr.typ"


def khqr_pdf(payload: str, *, office: str, amount: str, bill: str) -> bytes:
    """Print a code with its amount; `amount` is worded in its own currency."""
    return printing.typeset(TEMPLATE, _inputs(payload, office, amount, bill), "pdf")


def khqr_png(payload: str, *, office: str, amount: str, bill: str, ppi: float) -> bytes:
    """The same as a picture, as a printer of that fineness sets it."""
    return printing.typeset(TEMPLATE, _inputs(payload, office, amount, bill), "png", ppi=ppi)


def _inputs(payload: str, office: str, amount: str, bill: str) -> dict[str, str]:
    slip = {"office": office, "amount": amount, "amount_km": khmer_digits(amount), "bill": bill}
    return {"qr": printing.qr_svg(payload), "slip": json.dumps(slip, ensure_ascii=False)}
