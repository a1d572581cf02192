"""What can be looked at: each a list of files with its definition; its figure is its length.

The figure on the morning page and the list behind it are the same SELECT, so they agree.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

LAST_HOURS = timedelta(hours=4)
LONG_PAUSE = timedelta(days=14)
SIGN_DAYS = timedelta(days=30)
APPROVAL_DAYS = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Look:
    """One list: its title, what is in it in words, and the SELECT of the ids of its files.

    The SELECT stands after HAPPENED and knows %(offices)s (ids), %(now)s, %(today)s and the
    filters it names.
    """

    name: str
    title: Promise
    definition: Promise
    sql: str


_OPEN = """
SELECT r.id FROM requests_servicerequest r
JOIN requests_stagevisit v ON v.id = r.current_visit_id
WHERE r.office_id = ANY(%(offices)s) AND r.state IN ('registered', 'in_progress')
"""
HAPPENED = """
WITH happened AS MATERIALIZED (
    SELECT request_id, kind, was_late FROM requests_requestevent WHERE occurred_on = %(today)s
)
"""
"""Goes before every statement: the events of the day are read once for all figures."""
_TODAY = """
SELECT DISTINCT r.id FROM happened e
JOIN requests_servicerequest r ON r.id = e.request_id
WHERE r.office_id = ANY(%(offices)s)
"""

TODAY = (
    Look(
        "received",
        _("Received today"),
        _("Files whose clock started today and that are at the office now."),
        f"{_TODAY} AND e.kind = 'registered'",
    ),
    Look(
        "done",
        _("Done today"),
        _("Files whose result became ready today."),
        f"{_TODAY} AND e.kind = 'ready'",
    ),
    Look(
        "done-late",
        _("Done late today"),
        _("Files whose result became ready today, after the legal limit."),
        f"{_TODAY} AND e.kind = 'ready' AND e.was_late",
    ),
    Look(
        "ended",
        _("Rejected or withdrawn today"),
        _("Files that ended today without a result."),
        f"{_TODAY} AND e.kind IN ('rejected', 'withdrawn')",
    ),
)
NOW = (
    Look(
        "late",
        _("Past the legal limit"),
        _(
            "Files in work whose legal limit has passed. Files that wait for the citizen are not"
            " counted: their clock stands still."
        ),
        f"{_OPEN} AND r.due_at < %(now)s",
    ),
    Look(
        "stage-late",
        _("Past the limit of their stage"),
        _(
            "Files in work that have been in their present stage for longer than it is planned to"
            " take; the legal limit may still be ahead."
        ),
        f"{_OPEN} AND v.due_at < %(now)s",
    ),
    Look(
        "due-today",
        _("Due today"),
        _("Files in work whose legal limit is today and has not passed yet."),
        f"{_OPEN} AND r.due_at >= %(now)s AND r.due_on = %(today)s",
    ),
    Look(
        "waiting",
        _("Waiting for the citizen"),
        _("Files whose clock stands still because the citizen must bring or do something."),
        """
        SELECT r.id FROM requests_servicerequest r
        WHERE r.office_id = ANY(%(offices)s) AND r.state = 'waiting'
        """,
    ),
)
SIGNS = (
    Look(
        "last-hours",
        _("Ended in the last hours before the limit"),
        _(
            "Rejected or withdrawn within the last four hours before the legal limit, in the last"
            " 30 days. A file that would become late may have been closed to keep the figures"
            " clean."
        ),
        """
        SELECT r.id FROM requests_ending x
        JOIN requests_servicerequest r ON r.id = x.request_id
        WHERE x.ended_at >= %(signs_since)s AND r.office_id = ANY(%(offices)s)
            AND x.ended_at <= r.due_at AND r.due_at - x.ended_at < %(last_hours)s
        """,
    ),
    Look(
        "long-pauses",
        _("Paused for more than 14 days"),
        _(
            "The clock of these files has stood still for more than 14 days. Ask whether the"
            " citizen knows what is missing, or whether the pause only hides a delay."
        ),
        """
        SELECT r.id FROM requests_pause p
        JOIN requests_servicerequest r ON r.id = p.request_id
        WHERE p.ended_at IS NULL AND p.started_at < %(paused_before)s
            AND r.office_id = ANY(%(offices)s)
        """,
    ),
    Look(
        "back-dated",
        _("Entered more than a day after it was received"),
        _(
            "The time of receipt lies more than one day before the file was entered, in the last"
            " 30 days. After a power cut this is right; otherwise the papers lay somewhere without"
            " a clock."
        ),
        """
        SELECT r.id FROM requests_servicerequest r
        WHERE r.office_id = ANY(%(offices)s) AND r.created_at >= %(signs_since)s
            AND r.source = '' AND r.created_at - r.received_at > interval '1 day'
        """,
    ),
    Look(
        "same-person",
        _("Received and approved by the same person"),
        _(
            "Whoever registered the file also reviewed or signed it, in the last 7 days. In a"
            " small office this may be unavoidable; then somebody else looks at samples."
        ),
        """
        SELECT DISTINCT r.id FROM requests_stagevisit v
        JOIN requests_servicerequest r ON r.id = v.request_id
        WHERE v.office_id = ANY(%(offices)s) AND v.left_at >= %(approved_since)s
            AND v.actor_role IN ('chief', 'signatory') AND r.office_id = ANY(%(offices)s)
            AND EXISTS (
                SELECT FROM audit_auditentry a
                WHERE a.object_type = 'servicerequest' AND a.object_id = r.id::text
                    AND a.verb = 'register' AND a.actor_id = v.handled_by_id
            )
        """,
    ),
)
BY_STAGE = Look(
    "late-stage",
    _("Late in one stage"),
    _("Files in work that are past the limit of this stage."),
    f"{_OPEN} AND v.due_at < %(now)s AND v.stage_code = %(stage)s",
)
BY_PERSON = Look(
    "late-person",
    _("Finished late by one person"),
    _("Files of which this person finished a stage after its limit, in the last 30 days."),
    """
    SELECT DISTINCT r.id FROM requests_stagevisit v
    JOIN requests_servicerequest r ON r.id = v.request_id
    WHERE v.office_id = ANY(%(offices)s) AND v.left_at >= %(signs_since)s
        AND v.left_at > v.due_at AND v.handled_by_id = %(person)s
        AND r.office_id = ANY(%(offices)s)
    """,
)
PAID = Look(
    "paid",
    _("Fee taken today"),
    _("Files for which money was taken today."),
    f"{_TODAY} AND e.kind = 'paid'",
)

LOOKS: Mapping[str, Look] = {
    look.name: look for look in (*TODAY, *NOW, *SIGNS, BY_STAGE, BY_PERSON, PAID)
}
