"""Marks: a figure that is not law never stands unmarked."""

from datetime import date

import pytest
from django.utils import translation

from services.catalogue.kinds import Standing
from services.catalogue.queries import offered, published_version
from services.catalogue.standing import mark_of, marks

TODAY = date(2026, 11, 23)


def marked(code):
    terms = published_version(code, on=TODAY)
    return {mark.subject: str(mark.standing) for mark in marks(terms)}


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("ADM-P-001", {}),
        ("LAN-D-001", {"validity": "placeholder"}),
        ("TRA-P-002", {"limit": "placeholder"}),
        ("ADM-P-003", {"name": "derived", "fee": "derived", "limit": "placeholder"}),
        ("LAN-P-001", {"fee": "placeholder", "limit": "placeholder", "validity": "placeholder"}),
        ("IND-P-003", {"fee": "placeholder", "limit": "placeholder"}),
    ],
)
def test_the_marks_are_those_of_the_source(db, code, expected):
    assert marked(code) == expected


def test_every_placeholder_figure_of_every_service_is_marked(db):
    for level in ("province", "district", "commune"):
        for terms in offered(level, TODAY):
            is_marked = any(mark.standing == Standing.PLACEHOLDER for mark in marks(terms))
            assert is_marked == terms.has_placeholder, terms.service_code


def test_a_sourced_figure_has_no_mark(db):
    terms = published_version("LAN-D-001", on=TODAY)
    assert mark_of(terms, "fee") is None
    assert mark_of(terms, "validity") is not None


def test_the_words_of_a_mark_and_the_names_follow_the_reader(db):
    terms = published_version("LAN-P-001", on=TODAY)
    mark = mark_of(terms, "fee")
    assert mark is not None
    with translation.override("en"):
        assert (str(mark.subject_text), str(mark.sign_text)) == ("Fee", "demo figure, not law")
        assert terms.name == terms.name_en
        assert terms.stages[0].citizen.startswith("Being checked by the land desk")
    with translation.override("km"):
        assert terms.name == terms.name_km
        assert terms.fee.unit == "ក្នុង ១ប័ណ្ណ"
