"""Reads the forms of a page: their fields with what is filled in already."""

from __future__ import annotations

from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import TYPE_CHECKING

from deploy.selfcheck.problems import CheckError

if TYPE_CHECKING:
    from deploy.selfcheck.browser import Answer

_TICKED = frozenset({"checkbox", "radio"})


@dataclass
class Form:
    """Where a form goes, what it would send as it is, and what each field offers."""

    action: str
    values: dict[str, list[str]] = field(default_factory=dict)
    options: dict[str, list[str]] = field(default_factory=dict)

    def filled(self, **changes: str | list[str]) -> list[tuple[str, str]]:
        """Return the fields to send."""
        chosen = {
            **self.values,
            **{name: [v] if isinstance(v, str) else v for name, v in changes.items()},
        }
        return [(name, value) for name, values in chosen.items() for value in values]


def form_with(page: Answer, name: str) -> Form:
    """Return the page's form that has such a field; raise CheckError without one."""
    return _found(page, lambda form: name in form.values or name in form.options, name)


def form_to(page: Answer, ending: str) -> Form:
    """Return the page's form whose address ends like this; raise CheckError without one."""
    return _found(page, lambda form: form.action.endswith(ending), ending)


def _found(page: Answer, fits: object, wanted: str) -> Form:
    assert callable(fits)
    reader = _Reader()
    reader.feed(page.text)
    for form in reader.forms:
        if fits(form):
            return form
    raise CheckError(f"{page.address} has no form for {wanted!r}")


class _Reader(HTMLParser):
    """Collects forms, their inputs, selects and text areas."""

    def __init__(self) -> None:
        super().__init__()
        self.forms: list[Form] = []
        self._select = ""
        self._area = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.forms.append(Form(given.get("action", "")))
        elif self.forms and tag == "input":
            self._input(given)
        elif self.forms and tag == "select":
            self._select = given.get("name", "")
            self.forms[-1].options[self._select] = []
        elif self._select and tag == "option":
            self._option(given)
        elif self.forms and tag == "textarea":
            self._area = given.get("name", "")
            self.forms[-1].values[self._area] = [""]

    def handle_endtag(self, tag: str) -> None:
        if tag == "select":
            self._select = ""
        elif tag == "textarea":
            self._area = ""

    def handle_data(self, data: str) -> None:
        if self._area:
            self.forms[-1].values[self._area] = [data.strip()]

    def _input(self, given: dict[str, str]) -> None:
        form, name = self.forms[-1], given.get("name", "")
        value = given.get("value", "")
        if given.get("type") in _TICKED:
            value = value or "on"
            form.options.setdefault(name, []).append(value)
            if "checked" in given:
                form.values.setdefault(name, []).append(value)
        elif name:
            form.values[name] = [value]

    def _option(self, given: dict[str, str]) -> None:
        form, value = self.forms[-1], given.get("value", "")
        form.options[self._select].append(value)
        if "selected" in given or self._select not in form.values:
            form.values[self._select] = [value]
