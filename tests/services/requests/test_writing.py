"""Rows written together: as the ORM would have written them, in one statement."""

from datetime import UTC, datetime

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from owso.audit.models import AuditEntry
from services.offices.models import Counter
from services.requests.models import Applicant
from services.requests.writing import next_ids, write_together
from tests.factories import unit

texts = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), max_size=100)


def test_ids_are_fresh(province):
    first, second = next_ids(Applicant, Applicant)

    assert first < second


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=40)
@given(name=texts, sealed=st.binary(max_size=60), fact=texts)
def test_every_text_and_every_byte_arrives_as_it_was(province, name, sealed, fact):
    (pk,) = next_ids(Applicant)
    applicant = Applicant(id=pk, full_name=name, name_search="", id_sealed=sealed)
    entry = AuditEntry(
        actor_name="%s",
        verb="it's",
        object_type='"',
        object_id="\\",
        changes={"a": [fact]},
    )

    write_together(applicant, entry)

    stored = Applicant.objects.get(pk=pk)
    assert (stored.full_name, bytes(stored.id_sealed), stored.id_hash) == (name, sealed, None)
    kept = AuditEntry.objects.latest("id")
    assert (kept.actor_name, kept.verb, kept.object_type, kept.object_id) == (
        "%s",
        "it's",
        '"',
        "\\",
    )
    assert kept.changes == {"a": [fact]}


def test_what_the_database_fills_in_is_left_to_it(province):
    (pk,) = next_ids(Applicant)

    write_together(Applicant(id=pk, full_name="ដារ៉ា", name_search=""))

    assert Applicant.objects.get(pk=pk).created_at <= datetime.now(UTC)


def test_rows_of_one_model_get_ascending_ids_in_their_order(province):
    write_together(*[Counter(office_id=unit(), number=number) for number in (9, 7, 8)])

    numbers = Counter.objects.filter(number__gte=7).order_by("id").values_list("number", flat=True)
    assert list(numbers) == [9, 7, 8]


def test_inserts_and_updates_cost_one_statement(province):
    counter = Counter.objects.get(office_id=unit(), number=1)
    counter.number = 77

    with CaptureQueriesContext(connection) as queries:
        write_together(
            Counter(office_id=unit(), number=78),
            AuditEntry(actor_name="", verb="v", object_type="t", object_id="1"),
            updates=[(counter, ("number",))],
        )

    assert len(queries) == 1
    assert Counter.objects.filter(number__in=(77, 78)).count() == 2


def test_a_refused_row_refuses_all(province):
    with pytest.raises(IntegrityError), transaction.atomic():
        write_together(
            AuditEntry(actor_name="", verb="lost", object_type="t", object_id="1"),
            Counter(office_id=unit(), number=1),
        )

    assert not AuditEntry.objects.filter(verb="lost").exists()


def test_written_rows_count_as_stored(province):
    counter = Counter(id=next_ids(Counter)[0], office_id=unit(), number=50)

    write_together(counter)
    counter.number = 51
    counter.save()

    assert Counter.objects.filter(pk=counter.pk, number=51).exists()
