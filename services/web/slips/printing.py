"""Slips as PDF: typst shapes and breaks Khmer rightly, with the fonts of this folder only."""

import io
import json
from pathlib import Path

import segno
import typst

from services.web.slips.texts import Slip

FOLDER = Path(__file__).parent


def pdf_of(slip: Slip) -> bytes:
    """The slips of a request on A5, one page each, with a QR of the public address."""
    inputs = {"slip": json.dumps(slip.as_data(), ensure_ascii=False), "qr": qr_svg(slip.url)}
    made = typst.compile(
        FOLDER / "slip.typ",
        font_paths=[FOLDER / "fonts"],
        ignore_system_fonts=True,
        sys_inputs=inputs,
    )
    assert isinstance(made, bytes)
    return made


def qr_svg(address: str) -> str:
    """The address as a QR picture that still reads when a corner is folded."""
    picture = io.BytesIO()
    segno.make(address, error="m").save(picture, kind="svg", border=0, xmldecl=False)
    return picture.getvalue().decode()
