"""Message catalogues in pure Python: read the written .po, write the compiled .mo."""

import ast
import re
import struct
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

LOCALE_FOLDERS = (
    "platform/owso/locale",
    "tenants/locale",
    "services/locale",
    "services/offices/locale",
    "services/devices/locale",
    "services/requests/locale",
    "services/cashier/locale",
    "services/escalation/locale",
    "services/notify/locale",
    "services/web/office/locale",
    "services/web/portal/locale",
    "services/casework/locale",
    "services/documents/locale",
    "services/desk/locale",
    "services/privacy/locale",
    "services/voice/locale",
    "services/web/locale",
    "analytics/locale",
    "api/locale",
)
_MAGIC = 0x950412DE
_LINE = re.compile(r'(msgctxt|msgid_plural|msgid|msgstr(?:\[\d\])?)?\s*("(?:[^"\\]|\\.)*")')


class CatalogueError(Exception):
    """A .po file that cannot be read; the text names the file and the line."""


@dataclass
class Entry:
    """One message of a catalogue with its translations (several for a counted one)."""

    line: int
    context: str | None = None
    msgid: str = ""
    plural: str | None = None
    translations: dict[int, str] = field(default_factory=dict)
    is_fuzzy: bool = False
    note: str = ""

    @property
    def key(self) -> tuple[str | None, str]:
        """What a look-up goes by."""
        return self.context, self.msgid

    @property
    def is_translated(self) -> bool:
        return bool(self.translations) and all(self.translations.values())


def catalogues(checkout: Path) -> list[Path]:
    """Every .po file of the checkout."""
    return sorted(
        path for folder in LOCALE_FOLDERS for path in (checkout / folder).glob("*/LC_MESSAGES/*.po")
    )


def compile_catalogues(checkout: Path) -> int:
    """Write the .mo beside each .po whose content changed; returns how many were written.

    Raises CatalogueError for a file that cannot be read.
    """
    written = 0
    for path in catalogues(checkout):
        compiled, target = compiled_catalogue(read_catalogue(path)), path.with_suffix(".mo")
        if not target.exists() or target.read_bytes() != compiled:
            half = target.with_suffix(".half")
            half.write_bytes(compiled)
            half.replace(target)
            written += 1
    return written


def read_catalogue(path: Path) -> list[Entry]:
    """The entries of a .po file, the header (empty msgid) first, without the obsolete (#~)."""
    entries: list[Entry] = []
    blocks = _blocks(path.read_text(encoding="utf-8"))
    for lines in blocks:
        entry = _entry(lines, path)
        if entry is not None:
            entries.append(entry)
    return entries


def _blocks(text: str) -> Iterator[list[tuple[int, str]]]:
    block: list[tuple[int, str]] = []
    for number, line in enumerate(text.splitlines(), start=1):
        if line.strip():
            block.append((number, line.strip()))
        elif block:
            yield block
            block = []
    if block:
        yield block


def _entry(lines: list[tuple[int, str]], path: Path) -> Entry | None:
    entry, parts, current = Entry(lines[0][0]), dict[str, str](), ""
    for number, line in lines:
        if line.startswith("#"):
            entry.is_fuzzy |= line.startswith("#,") and "fuzzy" in line
            entry.note += line.removeprefix("#.") if line.startswith("#.") else ""
            continue
        found = _LINE.fullmatch(line)
        current = (found[1] if found else None) or current
        if not found or not current or (found[1] and current in parts):
            raise CatalogueError(f"{path}, line {number}: not a message: {line}")
        parts[current] = parts.get(current, "") + str(ast.literal_eval(found[2]))
    if "msgid" not in parts:
        return None
    entry.msgid, entry.context = parts["msgid"], parts.get("msgctxt")
    entry.plural = parts.get("msgid_plural")
    for name, value in parts.items():
        if name.startswith("msgstr"):
            entry.translations[int(name[7:-1] or 0)] = value
    return entry


def compiled_catalogue(entries: list[Entry]) -> bytes:
    """The .mo file: a sorted table of messages that gettext can search by halves."""
    pairs = sorted(
        (_original(entry).encode(), _translation(entry).encode())
        for entry in entries
        if entry.is_translated and (not entry.is_fuzzy or not entry.msgid)
    )
    count = len(pairs)
    originals_at, translations_at = 28, 28 + 8 * count
    position = 28 + 16 * count
    tables: list[int] = []
    texts = b""
    for column in (0, 1):
        for pair in pairs:
            tables += [len(pair[column]), position + len(texts)]
            texts += pair[column] + b"\0"
    head = struct.pack("<7I", _MAGIC, 0, count, originals_at, translations_at, 0, position)
    return head + struct.pack(f"<{len(tables)}I", *tables) + texts


def _original(entry: Entry) -> str:
    context = "" if entry.context is None else f"{entry.context}\x04"
    plural = "" if entry.plural is None else f"\0{entry.plural}"
    return f"{context}{entry.msgid}{plural}"


def _translation(entry: Entry) -> str:
    return "\0".join(text for _, text in sorted(entry.translations.items()))
