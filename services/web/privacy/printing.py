"""The copy of a person's data as a PDF in Khmer, with the fonts of the slips."""

import json
from pathlib import Path

import typst

from services.privacy.collecting import PersonFile
from services.web.slips.printing import FOLDER as SLIPS

FOLDER = Path(__file__).parent


def pdf_of(found: PersonFile) -> bytes:
    """The copy on A4, a table for each part, pages numbered."""
    made = typst.compile(
        FOLDER / "copy.typ",
        root=FOLDER.parent,
        font_paths=[SLIPS / "fonts"],
        ignore_system_fonts=True,
        sys_inputs={"file": json.dumps(found.as_data(), ensure_ascii=False)},
        pdf_standards=["a-2b"],
    )
    assert isinstance(made, bytes)
    return made
