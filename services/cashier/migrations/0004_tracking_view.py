"""The one view the public may read: one row a request, all its tracking page shows.

Every part is a sub-select on an index, so one look-up by code stays as fast at ten million
requests. Nothing in it is personal: no name, number, note or member of staff.
"""

from django.db import migrations

VIEW = """
CREATE VIEW tracking_request AS
SELECT r.tracking_code,
       r.version,
       r.state,
       r.service_version_id,
       r.office_id,
       o.code AS office_code,
       o.name_km AS office_name_km,
       o.name_en AS office_name_en,
       o.address_km AS office_address_km,
       o.address_en AS office_address_en,
       o.phone AS office_phone,
       o.office_hours_id,
       r.received_at,
       r.registered_at,
       r.due_at,
       r.promised_at,
       r.ready_at,
       r.delivered_at,
       r.closed_at,
       r.paused_minutes,
       money.fee_riel,
       coalesce(money.paid_riel, 0) AS paid_riel,
       money.paid_at,
       coalesce(money.receipts, '[]') AS receipts,
       (SELECT coalesce(jsonb_agg(jsonb_build_object(
                   'stage_code', v.stage_code,
                   'entered_at', v.entered_at,
                   'planned_minutes', v.planned_minutes,
                   'due_at', v.due_at,
                   'left_at', v.left_at,
                   'outcome', v.outcome) ORDER BY v.sequence), '[]')
        FROM requests_stagevisit v WHERE v.request_id = r.id) AS visits,
       (SELECT coalesce(jsonb_agg(jsonb_build_object(
                   'reason', p.reason,
                   'started_at', p.started_at,
                   'ended_at', p.ended_at) ORDER BY p.started_at, p.id), '[]')
        FROM requests_pause p WHERE p.request_id = r.id) AS pauses,
       (SELECT coalesce(jsonb_agg(jsonb_build_object(
                   'name_km', d.name_km,
                   'name_en', d.name_en) ORDER BY d.sort_order, d.id), '[]')
        FROM requests_papercheck c JOIN catalogue_requireddocument d ON d.id = c.document_id
        WHERE c.request_id = r.id AND NOT c.is_handed_in) AS missing_papers
FROM requests_servicerequest r
JOIN offices_office o ON o.id = r.office_id
LEFT JOIN LATERAL (
    SELECT c.amount_riel AS fee_riel,
           sum(p.amount_riel - coalesce(b.amount_riel, 0))::bigint AS paid_riel,
           max(p.paid_at) FILTER (WHERE b.id IS NULL) AS paid_at,
           jsonb_agg(jsonb_build_object(
               'number', f.code || '-' || t.year || '-' || lpad(t.number::text, 6, '0'),
               'issued_at', t.issued_at,
               'amount_riel', p.amount_riel,
               'is_reversed', b.id IS NOT NULL) ORDER BY t.issued_at, t.id)
               FILTER (WHERE t.id IS NOT NULL) AS receipts
    FROM cashier_charge c
    LEFT JOIN cashier_payment p ON p.charge_id = c.id
    LEFT JOIN cashier_receipt t ON t.payment_id = p.id
    LEFT JOIN cashier_reversal b ON b.payment_id = p.id
    LEFT JOIN offices_office f ON f.id = t.office_id
    WHERE c.request_id = r.id
    GROUP BY c.id
) money ON true
"""


class Migration(migrations.Migration):
    """Adds the view; it stands here because it reads requests and money."""

    dependencies = [
        ("cashier", "0003_charge_is_in_the_catalogue"),
        ("requests", "0003_national_views"),
    ]

    operations = [migrations.RunSQL(VIEW, "DROP VIEW tracking_request")]
