"""The mapping file: which column means what; documented in deploy/docs/importing.md."""

import codecs
import hashlib
import json
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.utils.translation import gettext_lazy as _

from owso.errors import Invalid
from services.requests.importing.cells import ISO, DateRules
from services.requests.khmer import without_invisible
from services.requests.states import State
from tenants import clock

SHIPPED = Path(__file__).parent / "mappings"
SOURCE_LENGTH, STAGE_LENGTH = 60, 40
KEEP, REFUSE = "keep", "refuse"
BY_END, BY_STAGE = "ended", "stage"
REQUIRED = ("reference", "received")
COLUMNS = frozenset(
    {*REQUIRED, "planned", "ended", "stage", "stage_at", "service", "office", "outcome", "channel"}
)
_KEYS = frozenset(
    {
        *("about", "source", "encoding", "delimiter", "sheet", "dates", "columns"),
        *("service", "office", "stages", "completion"),
    }
)
_ENDS = {each.value: each for each in (State.READY, State.DELIVERED)}
_REFUSALS = {each.value: each for each in (State.REJECTED, State.WITHDRAWN)}


@dataclass(frozen=True, slots=True)
class Choice:
    """A code for the whole file, or a column whose values may be translated by a table."""

    code: str = ""
    table: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class StageRules:
    """What stages are called; `is_strict` refuses names that are not in the table."""

    codes: Mapping[str, str] = field(default_factory=dict)
    is_strict: bool = False
    continue_at: str = ""


@dataclass(frozen=True, slots=True)
class EndRules:
    """What counts as completion: an end in its column, or one of some stages."""

    by: str = BY_END
    stages: frozenset[str] = frozenset()
    completed_as: State = State.DELIVERED
    outcomes: Mapping[str, State] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class RegisterMapping:
    """A checked mapping file; `columns` goes from our field to the register's header."""

    source: str
    columns: Mapping[str, str]
    encoding: str = "utf-8"
    delimiter: str = ","
    sheet: str = ""
    dates: DateRules = field(default_factory=DateRules)
    service: Choice = field(default_factory=Choice)
    office: Choice = field(default_factory=Choice)
    stages: StageRules = field(default_factory=StageRules)
    ends: EndRules = field(default_factory=EndRules)
    digest: str = ""

    @property
    def has_stages(self) -> bool:
        """Say whether the register has one row a stage, not one row a case."""
        return "stage" in self.columns


def load_mapping(name: str) -> RegisterMapping:
    """Read a mapping by path, or one of the shipped ones by name; raise Invalid."""
    path = Path(name)
    if not path.is_file() and re.fullmatch(r"[\w-]+", name):
        path = SHIPPED / f"{name}.json"
    try:
        content = path.read_bytes()
        given = json.loads(content.decode("utf-8-sig"))
    except OSError:
        raise _invalid(_("The mapping file %(name)s cannot be opened."), name=name) from None
    except ValueError as error:
        raise _invalid(
            _("The mapping file %(name)s is not JSON: %(reason)s."), name=name, reason=str(error)
        ) from None
    return checked_mapping(given, digest=hashlib.sha256(content).hexdigest())


def checked_mapping(given: Any, *, digest: str = "") -> RegisterMapping:
    """Return a mapping from the content of its file; raise Invalid saying what is wrong."""
    parts = _object(given, "")
    _refuse_unknown(parts, _KEYS, "")
    source = _text(parts, "source", most=SOURCE_LENGTH)
    columns = _columns(parts)
    ends = _ends(_object(parts.get("completion", {}), "completion"), columns)
    mapping = RegisterMapping(
        source=source,
        columns=columns,
        encoding=_encoding(parts),
        delimiter=_delimiter(parts),
        sheet=_text(parts, "sheet", is_required=False),
        dates=_dates(_object(parts.get("dates", {}), "dates")),
        service=_choice(parts, "service"),
        office=_choice(parts, "office"),
        stages=_stages(_object(parts.get("stages", {}), "stages")),
        ends=ends,
        digest=digest,
    )
    if not mapping.service.code and "service" not in columns:
        raise _invalid(_("The mapping must name a service, or the column of the service."))
    return mapping


def header_key(text: str) -> str:
    """Return a column name as it is compared: without invisible characters and outer spaces."""
    return " ".join(without_invisible(unicodedata.normalize("NFC", text)).split())


def stage_code(name: str) -> str:
    """Return the code of a stage kept as given: a short slug that two names never share."""
    slug = re.sub(r"[^\w]+", "-", name.casefold()).strip("-")
    if slug and len(slug) <= STAGE_LENGTH:
        return slug
    mark = hashlib.sha256(name.casefold().encode()).hexdigest()[:8]
    return f"{slug[: STAGE_LENGTH - 9].rstrip('-')}-{mark}"


def _columns(parts: Mapping[str, Any]) -> dict[str, str]:
    given = _object(parts.get("columns", {}), "columns")
    _refuse_unknown(given, COLUMNS, "columns")
    columns = {name: header_key(_text(given, name)) for name in given}
    for name in REQUIRED:
        if name not in columns:
            raise _invalid(_("The mapping must name the column of “%(name)s”."), name=name)
    if ("stage" in columns) != ("stage_at" in columns):
        raise _invalid(_("The mapping must name both the stage and its time, or neither."))
    return columns


def _dates(given: Mapping[str, Any]) -> DateRules:
    _refuse_unknown(given, {"format", "timezone"}, "dates")
    formats = given.get("format", ISO)
    formats = [formats] if isinstance(formats, str) else formats
    if not isinstance(formats, list) or not all(_is_pattern(each) for each in formats):
        raise _invalid(_("The format of dates must be “iso” or patterns as strptime reads them."))
    name = _text(given, "timezone", is_required=False) or clock.LOCAL.key
    try:
        return DateRules(tuple(formats), ZoneInfo(name))
    except (ZoneInfoNotFoundError, ValueError):
        raise _invalid(_("There is no time zone “%(name)s”."), name=name) from None


def _is_pattern(text: Any) -> bool:
    return isinstance(text, str) and (text == ISO or "%" in text)


def _choice(parts: Mapping[str, Any], name: str) -> Choice:
    given = _object(parts.get(name, {}), name)
    _refuse_unknown(given, {"code", "table"}, name)
    code = _text(given, "code", is_required=False)
    return Choice(code, _table(given, "table"))


def _stages(given: Mapping[str, Any]) -> StageRules:
    _refuse_unknown(given, {"codes", "unknown", "continue_at"}, "stages")
    unknown = given.get("unknown", REFUSE if "codes" in given else KEEP)
    if unknown not in {KEEP, REFUSE}:
        raise _invalid(_("Unknown stages are either to “keep” or to “refuse”."))
    codes = _table(given, "codes")
    for code in codes.values():
        if len(code) > STAGE_LENGTH:
            raise _invalid(
                _("The code of a stage has at most %(most)s characters: “%(code)s”."),
                most=STAGE_LENGTH,
                code=code,
            )
    at = _text(given, "continue_at", is_required=False, most=STAGE_LENGTH)
    return StageRules(codes, unknown == REFUSE, at)


def _ends(given: Mapping[str, Any], columns: Mapping[str, str]) -> EndRules:
    _refuse_unknown(given, {"by", "stages", "completed_as", "outcomes"}, "completion")
    by = given.get("by", BY_END)
    stages = given.get("stages", [])
    if by not in {BY_END, BY_STAGE} or not isinstance(stages, list):
        raise _invalid(_("Completion goes by “ended” or by “stage” with a list of stages."))
    needed = "ended" if by == BY_END else "stage"
    if needed not in columns or (by == BY_STAGE and not stages):
        raise _invalid(_("The mapping must say what counts as completion."))
    completed_as = given.get("completed_as", State.DELIVERED.value)
    outcomes = _table(given, "outcomes")
    if completed_as not in _ENDS or not set(outcomes.values()) <= {*_ENDS, *_REFUSALS}:
        raise _invalid(_("A case ends as ready, delivered, rejected or withdrawn."))
    known = {**_ENDS, **_REFUSALS}
    return EndRules(
        by,
        frozenset(header_key(str(each)) for each in stages),
        known[completed_as],
        {name: known[state] for name, state in outcomes.items()},
    )


def _encoding(parts: Mapping[str, Any]) -> str:
    name = _text(parts, "encoding", is_required=False) or "utf-8"
    try:
        return codecs.lookup(name).name
    except LookupError:
        raise _invalid(_("There is no encoding “%(name)s”."), name=name) from None


def _delimiter(parts: Mapping[str, Any]) -> str:
    delimiter = parts.get("delimiter", ",")
    if not isinstance(delimiter, str) or len(delimiter) != 1:
        raise _invalid(_("The separator of columns is one character."))
    return delimiter


def _table(given: Mapping[str, Any], name: str) -> dict[str, str]:
    table = _object(given.get(name, {}), name)
    return {header_key(key): _text(table, key) for key in table}


def _text(given: Mapping[str, Any], name: str, *, is_required: bool = True, most: int = 200) -> str:
    text = given.get(name, "")
    if not isinstance(text, str) or len(text) > most or (is_required and not text.strip()):
        raise _invalid(
            _("“%(name)s” in the mapping must be a text of at most %(most)s characters."),
            name=name,
            most=most,
        )
    return text.strip()


def _object(given: Any, name: str) -> Mapping[str, Any]:
    if not isinstance(given, dict):
        raise _invalid(_("“%(name)s” in the mapping must be an object {…}."), name=name)
    return given


def _refuse_unknown(given: Mapping[str, Any], known: frozenset[str] | set[str], name: str) -> None:
    unknown = sorted(set(given) - known)
    if unknown:
        raise _invalid(
            _("The mapping holds an unknown key “%(key)s” in “%(name)s”; known are: %(known)s."),
            key=unknown[0],
            name=name,
            known=", ".join(sorted(known)),
        )


def _invalid(message: Any, **data: Any) -> Invalid:
    return Invalid("mapping_invalid", message % data if data else message, **data)
