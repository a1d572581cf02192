"""Rows of the history as lines of PostgreSQL's COPY text format, table by table."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from django.db import connection

from services.offices.drawing import drawing

NULL = "\\N"
TRUE, FALSE = "t", "f"

COLUMNS = {
    "requests_applicant": "id, full_name, name_search, sex, id_kind, id_sealed, id_hash,"
    " phone_sealed, phone_hash, phone_last4_hash, language, created_at",
    "requests_servicerequest": "id, tracking_code, idempotency_key, content_hash, applicant_id,"
    " service_version_id, service_id, office_id, received_office_id, state, quantity, fee_values,"
    " received_at, registered_at, due_at, due_on, promised_at, paused_minutes, ready_at,"
    " delivered_at, closed_at, current_visit_id, source, source_ref, version, created_at",
    "requests_stagevisit": "id, request_id, sequence, stage_code, stage_id, office_id, actor_role,"
    " entered_at, planned_minutes, due_at, left_at, outcome, handled_by_id, dwell_minutes",
    "requests_pause": "request_id, visit_id, reason, note, started_at, ended_at",
    "requests_papercheck": "request_id, document_id, is_handed_in",
    "requests_representation": "request_id, name_sealed, authority_kind, phone_sealed,"
    " receives_notices",
    "requests_collection": "request_id, collector_name_sealed, is_applicant, id_kind, id_hash,"
    " collected_at, handed_over_by_id",
    "requests_ending": "request_id, note, ended_by_id, ended_at",
    "cashier_charge": "id, request_id, service_version_id, fee_tier_id, unit_riel, ceiling,"
    " quantity, amount_riel, created_at",
    "cashier_payment": "id, charge_id, request_id, office_id, cashier_id, method, amount_riel,"
    " currency, tendered_cents, rate_id, idempotency_key, paid_at",
    "cashier_receipt": "payment_id, office_id, year, number, issued_at",
    "cashier_reversalrequest": "payment_id, amount_riel, reason, note, requested_by_id,"
    " requested_at, decision, decided_by_id, decided_at",
    "cashier_reversal": "payment_id, amount_riel, reason, requested_by_id, approved_by_id,"
    " requested_at, approved_at",
    "requests_requestevent": "request_id, kind, occurred_at, occurred_on, office_id,"
    " office_before_id, service_id, service_version_id, stage_left, dwell_minutes,"
    " stage_was_late, stage_entered, due_on_before, due_on_after, amount_riel, duration_minutes,"
    " was_late, is_imported",
}
"""In the order in which they are written: what is referred to comes first."""


@dataclass(frozen=True, slots=True)
class Ids:
    """Fresh ids for one batch, each handed out once."""

    applicant: Iterator[int]
    request: Iterator[int]
    visit: Iterator[int]
    charge: Iterator[int]
    payment: Iterator[int]


@dataclass(frozen=True, slots=True)
class PaidOnce:
    """A payment that still needs the number of its receipt."""

    payment_id: int
    office_id: int
    year: int
    issued_at: str


@dataclass(slots=True)
class Lines:
    """The rows of one batch; receipts are numbered when they are written."""

    ids: Ids
    tables: dict[str, list[str]] = field(default_factory=lambda: {table: [] for table in COLUMNS})
    receipts: list[PaidOnce] = field(default_factory=list)

    def add(self, table: str, *values: object) -> None:
        """Add a row of a table that few requests have; the values must need no escaping."""
        self.tables[table].append("\t".join(map(str, values)) + "\n")

    def take_receipt(self, payment_id: int, office_id: int, year: int, issued_at: str) -> None:
        """Note that a payment gets the next receipt of its office."""
        self.receipts.append(PaidOnce(payment_id, office_id, year, issued_at))


def fresh_ids(requests: int, *, visits_each: int) -> Ids:
    """Take the ids of a batch from the sequences of the current province."""
    return Ids(
        applicant=iter(_block("requests_applicant", requests)),
        request=iter(_block("requests_servicerequest", requests)),
        visit=iter(_block("requests_stagevisit", requests * visits_each)),
        charge=iter(_block("cashier_charge", requests)),
        payment=iter(_block("cashier_payment", requests)),
    )


def write(lines: Lines) -> int:
    """Write a batch into the current province and return the number of rows.

    The receipts come last but for what hangs on them: their series are locked from then on.
    """
    _number_receipts(lines)
    rows = 0
    with connection.cursor() as cursor:
        for table, columns in COLUMNS.items():
            of_table = lines.tables[table]
            if of_table:
                with cursor.copy(f"COPY {table} ({columns}) FROM STDIN") as copy:
                    copy.write("".join(of_table))
                rows += len(of_table)
    return rows


def _block(table: str, count: int) -> range:
    """Take a run of ids; another writer may break it, then the next run is taken."""
    with connection.cursor() as cursor:
        while True:
            cursor.execute(
                "SELECT min(id), max(id) FROM (SELECT nextval(%s::regclass) AS id"
                " FROM generate_series(1, %s) OFFSET 0) AS taken",
                [f"{table}_id_seq", count],
            )
            first, last = cursor.fetchone()
            if last - first + 1 == count:
                return range(first, last + 1)


def _number_receipts(lines: Lines) -> None:
    """Continue the series of each office and year without gaps, in the order of payment."""
    counts: dict[tuple[int, int], int] = {}
    for paid in lines.receipts:
        key = (paid.office_id, paid.year)
        counts[key] = counts.get(key, 0) + 1
    following = {key: _take_numbers(*key, counts[key]) for key in sorted(counts)}
    for paid in lines.receipts:
        key = (paid.office_id, paid.year)
        lines.add("cashier_receipt", paid.payment_id, *key, following[key], paid.issued_at)
        following[key] += 1


def _take_numbers(office_id: int, year: int, count: int) -> int:
    """Take so many receipt numbers of an office and return the first."""
    with connection.cursor() as cursor:
        cursor.execute(drawing("cashier_receiptseries"), [office_id, year, count])
        last: int = cursor.fetchone()[0]
    return last - count + 1
