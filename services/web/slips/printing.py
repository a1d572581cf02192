"""Papers from data: typst shapes and breaks Khmer rightly, with the fonts of this folder only."""

import io
import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any, Literal

import segno
import typst

from services.web.slips.posters import Poster
from services.web.slips.texts import Slip
from services.web.slips.tickets import TicketText

Kind = Literal["pdf", "svg", "png"]
FOLDER = Path(__file__).parent
QUIET_ZONE = 2
"""Modules of white around the QR; the paper's margin gives the rest of the four it wants."""


def pdf_of(slip: Slip) -> bytes:
    """The papers of a request, one page each, with a QR of its public address."""
    return _compiled("slip", _slip_inputs(slip.as_data()), "pdf")[0]


def pictures_of(slip: Slip) -> list[bytes]:
    """The same papers as SVG, one picture a page, for printing straight from a page."""
    return _compiled("slip", _slip_inputs(slip.as_data()), "svg")


def poster_pdf(poster: Poster) -> bytes:
    """The poster of fees and days."""
    return _compiled("poster", {"poster": _json(poster.as_data())}, "pdf")[0]


def ticket_picture(ticket: TicketText) -> bytes:
    """The ticket of the waiting room as SVG."""
    return _compiled("ticket", {"ticket": _json(ticket.as_data())}, "svg")[0]


def ticket_pdf(ticket: TicketText) -> bytes:
    """The ticket of the waiting room."""
    return _compiled("ticket", {"ticket": _json(ticket.as_data())}, "pdf")[0]


def rasters(name: str, data: Mapping[str, Any], *, ppi: float) -> list[bytes]:
    """Pages as PNG, as a printer of that fineness sets them."""
    inputs = _slip_inputs(data) if name == "slip" else {name: _json(data)}
    return _compiled(name, inputs, "png", ppi=ppi)


def qr_svg(address: str) -> str:
    """The address as a QR picture that still reads when a corner is folded."""
    picture = io.BytesIO()
    segno.make(address, error="m").save(picture, kind="svg", border=QUIET_ZONE, xmldecl=False)
    return picture.getvalue().decode()


def _slip_inputs(slip: Mapping[str, Any]) -> dict[str, str]:
    """The papers and a picture for each: a receipt proves itself, all else leads to the request."""
    addresses = [km.get("url") or slip["url"] for km, _en in slip["pages"]]
    return {"slip": _json(slip), "qrs": _json([qr_svg(address) for address in addresses])}


def _json(data: Any) -> str:
    return json.dumps(data, ensure_ascii=False)


@cache
def _fonts() -> list[Path]:
    return [FOLDER / "fonts"]


def _compiled(
    name: str, inputs: dict[str, str], kind: Kind, *, ppi: float | None = None
) -> list[bytes]:
    # One page comes as bytes, several as a list, whatever the types of the package say.
    made: object = typst.compile(
        FOLDER / f"{name}.typ",
        root=FOLDER,
        font_paths=_fonts(),
        ignore_system_fonts=True,
        sys_inputs=inputs,
        format=kind,
        ppi=ppi,
    )
    if isinstance(made, list):
        return made
    assert isinstance(made, bytes)
    return [made]


def typeset(
    template: Path, inputs: dict[str, str], kind: Kind, *, ppi: float | None = None
) -> bytes:
    """Set a paper of one page by a template of another folder, with the fonts of this one."""
    made = typst.compile(
        template,
        font_paths=_fonts(),
        ignore_system_fonts=True,
        sys_inputs=inputs,
        format=kind,
        ppi=ppi,
    )
    assert isinstance(made, bytes)
    return made
