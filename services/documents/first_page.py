"""A program of its own: draws the first page of the PDF on its input, as PNG, on its output.

A PDF comes from anywhere, so it is drawn in a process that has nothing: no settings, no
database, no key, a bounded memory and a few seconds; it ends with the drawing. The PDF stays in
memory.
Needs Linux, as the embedded servers do.
"""

import os
import resource
import sys

import typst

MEMORY_BYTES = 1024 * 1024 * 1024
CPU_SECONDS = 10
WIDTH_PT = 180
PPI = 72 * 2
"""Two dots a point: sharp on a screen of double fineness."""
_PAGE = """
#set page(width: auto, height: auto, margin: 0pt, fill: white)
#image("/self/fd/{file}", format: "pdf", page: 1, width: {width}pt)
"""


def drawn(pdf: bytes) -> bytes:
    """Return the first page as PNG; raises RuntimeError for a PDF that cannot be drawn."""
    file = os.memfd_create("page")
    with os.fdopen(file, "wb") as memory:
        memory.write(pdf)
        memory.flush()
        source = _PAGE.format(width=WIDTH_PT, file=file).encode()
        # The package's types want one type for source and root; its code takes bytes and a path.
        made: object = typst.compile(  # type: ignore[call-overload]
            source, root="/proc", format="png", ppi=PPI, ignore_system_fonts=True
        )
    assert isinstance(made, bytes)
    return made


def main() -> None:
    """Draw what comes in, within the bounds."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    sys.stdout.buffer.write(drawn(sys.stdin.buffer.read()))


if __name__ == "__main__":
    main()
