"""Finding a person who was here before: either spelling, masked, and only what was shown."""

import pytest

from owso.accounts.permissions import Role
from owso.errors import Invalid, NotAllowed
from services.desk.applicants import chosen_applicant, find_applicants, known_applicant
from tests.factories import (
    ApplicantDetailsFactory,
    IntakeFactory,
    RequestFactory,
    district_office,
    staff,
)

pytestmark = pytest.mark.usefixtures("province")


def person(**details):
    return RequestFactory(
        intake=IntakeFactory(applicant=ApplicantDetailsFactory(**details))
    ).applicant


@pytest.fixture
def officer():
    return staff(Role.INFORMATION_OFFICER)


def found(by, **words):
    return [each.id for each in find_applicants(by, office_id=district_office(), **words)]


def test_a_phone_finds_whoever_has_it_however_it_is_typed(officer):
    row = person(phone="017 222 333")
    person(phone="017 222 334")
    assert found(officer, phone="០១៧ ២២២ ៣៣៣") == [row.pk]
    assert found(officer, phone="+855 17222333") == [row.pk]
    assert found(officer, phone="017 222") == []


def test_a_paper_finds_its_holder_of_whatever_kind_it_is(officer):
    card = person(id_kind="national_id", id_number="012345678")
    passport = person(id_kind="passport", id_number="N 1234567")
    assert found(officer, id_number="០១២៣៤៥៦៧៨") == [card.pk]
    assert found(officer, id_number="n1234567") == [passport.pk]
    assert found(officer, id_number="01234567") == []


def test_the_surest_trace_comes_first(officer):
    row = person(full_name="កែវ មុន្នី", id_number="111222333")
    person(full_name="សុខ ចាន់ណា", phone="017 222 333")
    assert found(officer, id_number="111222333", phone="017 222 333", name="សុខ") == [row.pk]


@pytest.mark.parametrize(
    ("written", "typed"),
    [
        ("ប៉ាន់ សុ\u17d2ដារ៉ា", "ប៉ាន់ សុ\u17d2តារ៉ា"),
        ("សុខ\u200bដារ៉ា", "សុខដារ៉ា"),
        ("សុខ ដារ៉ា", "ដារ៉ា"),
        ("Sok Dara", "sok  DARA"),
        ("ចាន់ សុភាព", "ចាន់ សុភាក"),
    ],
    ids=["coeng", "zero width", "part", "letters and spaces", "a slip of the key"],
)
def test_a_name_is_found_as_people_type_it(officer, written, typed):
    row = person(full_name=written)
    assert row.pk in found(officer, name=typed)


def test_the_whole_name_comes_before_those_that_only_contain_it(officer):
    whole = person(full_name="សុខ ដារ៉ា")
    longer = person(full_name="សុខ ដារ៉ា វឌ្ឍនា")
    assert found(officer, name="សុខ ដារ៉ា")[:2] == [whole.pk, longer.pk]


def test_a_name_of_two_letters_is_too_short_and_five_are_enough(officer):
    for _ in range(7):
        person(full_name="សុខ ដារ៉ា")
    assert found(officer, name="សុ") == []
    assert found(officer, name="\x00\x00\x00") == []
    assert len(found(officer, name="សុខ ដារ៉ា")) == 5


def test_the_list_is_masked(officer):
    person(full_name="សុខ ចាន់ណា", phone="017 222 333", id_number="012345678")
    (each,) = find_applicants(officer, office_id=district_office(), phone="017 222 333")
    assert each.name == "សុ… ចា…"
    assert each.phone == "017 ••• 333"
    assert each.paper.endswith("••• 78")
    assert "2345" not in each.paper


def test_a_choice_stands_for_its_row_for_this_person_only(officer):
    row = person(phone="017 222 333")
    (each,) = find_applicants(officer, office_id=district_office(), phone="017 222 333")
    assert chosen_applicant(officer, each.choice) == row.pk
    assert known_applicant(officer, each.choice).name == each.name
    with pytest.raises(Invalid) as refused:
        chosen_applicant(staff(Role.INFORMATION_OFFICER), each.choice)
    assert refused.value.code == "applicant_unknown"


@pytest.mark.parametrize("choice", ["1", "x" * 5000, "", "AAAA", "Ag==", "ខ្មែរ", "\x00"])
def test_a_choice_cannot_be_made_up(officer, choice):
    person()
    with pytest.raises(Invalid):
        chosen_applicant(officer, choice)


def test_only_those_who_register_may_look(officer):
    person(phone="017 222 333")
    with pytest.raises(NotAllowed):
        found(staff(Role.CASHIER), phone="017 222 333")
    with pytest.raises(NotAllowed):
        find_applicants(officer, office_id=district_office(1), phone="017 222 333")


def test_searches_cost_a_constant_number_of_queries(officer, django_assert_num_queries):
    for _ in range(6):
        person(full_name="សុខ ដារ៉ា", phone="017 222 333")
    with django_assert_num_queries(1):
        found(officer, phone="017 222 333")
    with django_assert_num_queries(1):
        found(officer, name="សុខ ដារ៉ា")
    with django_assert_num_queries(4):
        found(officer, name="ចាន់", phone="017 999 999", id_number="999999999")
