"""Documents as PDF/A: typst shapes and breaks Khmer rightly, with the fonts of the slips."""

import json
from dataclasses import asdict
from pathlib import Path

import typst
from django.conf import settings

from services.casework.contents import Content
from services.web.slips.printing import FOLDER as SLIPS
from services.web.slips.printing import qr_svg

FOLDER = Path(__file__).parent
GENERAL = "letter.typ"


def pdf_of(content: Content) -> bytes:
    """The document on A4; without a token it is a draft and says so across the page."""
    url = f"{settings.PUBLIC_URL}/g/{content.printed_token}" if content.token else ""
    inputs = {
        "content": json.dumps(
            {**asdict(content), "code": content.printed_token, "url": url}, ensure_ascii=False
        ),
        "qr": qr_svg(url) if url else "",
    }
    made = typst.compile(
        template_of(content.service_code),
        root=FOLDER,
        font_paths=[SLIPS / "fonts"],
        ignore_system_fonts=True,
        sys_inputs=inputs,
        pdf_standards=["a-2b"],
    )
    assert isinstance(made, bytes)
    return made


def template_of(service_code: str, folder: Path = FOLDER) -> Path:
    """The file that prints a service: its own where there is one, else the general letter."""
    own = folder / f"{service_code}.typ"
    is_ours = service_code.replace("-", "").isalnum() and own.is_file()
    return own if is_ours else folder / GENERAL
