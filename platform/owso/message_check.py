"""Compares the texts in code and templates with the catalogues: none missing, none left over."""

import ast
import re
import sys
import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from django.utils.translation.template import templatize

from owso.messages import Entry, catalogues, read_catalogue

_SOURCES = ("platform/owso", "tenants", "services", "analytics", "api")
_TRANSLATING = {"django.utils.translation", "owso.phrases"}
_STRING = r"""u?(?:'(?:\\.|[^'\\])*'|"(?:\\.|[^"\\])*")"""
_CALL = re.compile(rf"\b(_|gettext|pgettext|ngettext|npgettext)\(\s*({_STRING}(?:,\s*{_STRING})*)")
_PLACEHOLDER = re.compile(r"%\((\w+)\)[sd]|\{(\w*)\}")


@dataclass(frozen=True)
class Text:
    """A visible string in the code, and where it stands."""

    context: str | None
    msgid: str
    place: str


def check_catalogues(checkout: Path) -> list[str]:
    """What is wrong with the translations, one sentence each; empty when all is well."""
    problems: list[str] = []
    known: dict[tuple[str | None, str], Entry] = {}
    for path in catalogues(checkout):
        for entry in read_catalogue(path):
            if entry.msgid:
                problems += _entry_problems(entry, f"{path.relative_to(checkout)}:{entry.line}")
                known[entry.key] = entry
    used = list(texts(checkout))
    asked = {(text.context, text.msgid) for text in used}
    missing = {(text.context, text.msgid): text for text in used}
    problems += [
        f"{text.place}: no catalogue has {text.msgid!r}"
        for key, text in sorted(missing.items(), key=lambda pair: pair[1].place)
        if key not in known
    ]
    # A text that only Django itself or data uses says so in a "#." comment.
    problems += [
        f"nothing uses the message {entry.msgid!r}"
        for key, entry in known.items()
        if key not in asked and not entry.note
    ]
    return problems


def _entry_problems(entry: Entry, place: str) -> Iterator[str]:
    if entry.is_fuzzy:
        yield f"{place}: fuzzy: {entry.msgid!r}"
    if not entry.is_translated:
        yield f"{place}: empty: {entry.msgid!r}"
        return
    originals = set(_PLACEHOLDER.findall(f"{entry.msgid} {entry.plural or ''}"))
    for text in entry.translations.values():
        if set(_PLACEHOLDER.findall(text)) - originals:
            yield f"{place}: placeholders that the English lacks: {entry.msgid!r}"
        if entry.plural is None and originals - set(_PLACEHOLDER.findall(text)):
            yield f"{place}: placeholders of the English are missing: {entry.msgid!r}"


def texts(checkout: Path) -> Iterator[Text]:
    """Every translatable string of code and templates."""
    for folder in _SOURCES:
        for path in sorted((checkout / folder).rglob("*")):
            place = str(path.relative_to(checkout))
            if path.suffix == ".py":
                yield from _of_python(path.read_text(encoding="utf-8"), place)
            elif path.suffix in {".html", ".txt"} and "templates" in path.parts:
                yield from _of_template(path.read_text(encoding="utf-8"), place)


def _of_python(source: str, place: str) -> Iterator[Text]:
    tree = ast.parse(source)
    names = _gettext_names(tree)
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and (kind := names.get(_called(node), "")):
            words = [
                word.value
                for word in node.args
                if isinstance(word, ast.Constant) and isinstance(word.value, str)
            ]
            yield from _text(kind, words, f"{place}:{node.lineno}")


def _gettext_names(tree: ast.AST) -> dict[str, str]:
    imported = {
        alias.asname or alias.name: alias.name.removesuffix("_lazy").removesuffix("_noop")
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and node.module in _TRANSLATING
        for alias in node.names
    }
    if "phrases" in imported.values():
        imported["_"] = "gettext"
    return {name: kind for name, kind in imported.items() if kind.endswith("gettext")}


def _called(node: ast.Call) -> str:
    return node.func.id if isinstance(node.func, ast.Name) else ""


def _of_template(source: str, place: str) -> Iterator[Text]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        pseudo_code = templatize(source, origin=place)
    for found in _CALL.finditer(pseudo_code):
        words = [str(ast.literal_eval(word)) for word in re.findall(_STRING, found[2])]
        line = pseudo_code.count("\n", 0, found.start()) + 1
        yield from _text(found[1], words, f"{place}:{line}")


def _text(kind: str, words: list[str], place: str) -> Iterator[Text]:
    has_context = kind in {"pgettext", "npgettext"}
    if len(words) > has_context:
        yield Text(words[0] if has_context else None, words[has_context], place)


def main() -> int:
    """Print what is wrong; the exit code is 1 when anything is."""
    problems = check_catalogues(Path.cwd())
    sys.stdout.writelines(f"{problem}\n" for problem in problems)
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
