"""Two views and one function through which the portal's role reads a province.

The function runs with its owner's rights, so that the portal itself may read no applicant: it
answers only to a code together with the hash of the last four digits of the phone, and masks the
name here, in the database. Its body is bound to this schema's tables when it is made.
"""

from django.db import migrations

OFFICES = """
CREATE VIEW public_office AS
SELECT o.id,
       o.code,
       o.kind,
       o.district_code,
       o.name_km,
       o.name_en,
       o.address_km,
       o.address_en,
       o.phone,
       o.office_hours_id,
       (SELECT coalesce(json_agg(w.service_id), '[]')
        FROM offices_withheldservice w WHERE w.office_id = o.id) AS withheld
FROM offices_office o
WHERE o.is_active
ORDER BY o.sort_order, o.code
"""
RECEIPTS = """
CREATE VIEW genuine_receipt AS
SELECT f.code AS office_code,
       t.year,
       t.number,
       f.name_km AS office_name_km,
       f.name_en AS office_name_en,
       r.tracking_code,
       r.service_version_id,
       p.amount_riel,
       p.method,
       p.paid_at,
       coalesce(b.amount_riel, 0) AS reversed_riel
FROM cashier_receipt t
JOIN offices_office f ON f.id = t.office_id
JOIN cashier_payment p ON p.id = t.payment_id
JOIN cashier_charge c ON c.id = p.charge_id
JOIN requests_servicerequest r ON r.id = c.request_id
LEFT JOIN cashier_reversal b ON b.payment_id = p.id
"""
# The first cluster of each word, as services.requests.khmer.mask tells it for lists.
CLUSTER = (
    r"[^\u17b4-\u17d3\u17dd\u0300-\u036f]"
    r"(?:\u17d2.|[\u17b4-\u17d1\u17d3\u17dd\u0300-\u036f])*"
)
OWN_FILE = rf"""
CREATE FUNCTION own_file(wanted text, digits bytea) RETURNS json
LANGUAGE sql STABLE SECURITY DEFINER
BEGIN ATOMIC
SELECT json_build_object(
    'name', (SELECT string_agg(
                 coalesce(substring(w.word FROM '^{CLUSTER}'), left(w.word, 1)) || '…',
                 ' ' ORDER BY w.place)
             FROM regexp_split_to_table(btrim(a.full_name), '\s+') WITH ORDINALITY w (word, place)
             WHERE w.word <> ''),
    'papers', (SELECT json_agg(json_build_array(d.name_km, d.name_en, k.is_handed_in)
                   ORDER BY d.sort_order, d.id)
               FROM requests_papercheck k
               JOIN catalogue_requireddocument d ON d.id = k.document_id
               WHERE k.request_id = r.id),
    'fee_riel', c.amount_riel,
    'payments', (SELECT json_agg(json_build_array(
                        f.code, t.year, t.number, p.amount_riel, p.method, p.paid_at,
                        coalesce(b.amount_riel, 0)) ORDER BY p.paid_at, p.id)
                 FROM cashier_payment p
                 LEFT JOIN cashier_receipt t ON t.payment_id = p.id
                 LEFT JOIN cashier_reversal b ON b.payment_id = p.id
                 LEFT JOIN offices_office f ON f.id = t.office_id
                 WHERE p.charge_id = c.id),
    'documents', (SELECT json_agg(json_build_array(f.code, d.year, d.number, d.token, d.signed_at))
                  FROM casework_outcomedocument d
                  JOIN offices_office f ON f.id = d.office_id
                  WHERE d.request_id = r.id),
    'readings', (SELECT json_agg(json_build_array(
                        x.at, x.times, x.kind, x.role, f.name_km, f.name_en) ORDER BY x.at DESC)
                 FROM (SELECT max(e.at) AS at, count(*) AS times, e.kind, e.role, e.office_id
                       FROM audit_accessentry e
                       WHERE e.request_id = r.id
                       GROUP BY (e.at AT TIME ZONE 'Asia/Phnom_Penh')::date,
                                e.kind, e.role, e.office_id) x
                 LEFT JOIN offices_office f ON f.id = x.office_id))
FROM requests_servicerequest r
JOIN requests_applicant a ON a.id = r.applicant_id
LEFT JOIN cashier_charge c ON c.request_id = r.id
WHERE r.tracking_code = wanted AND a.phone_last4_hash = digits;
END;
REVOKE ALL ON FUNCTION own_file(text, bytea) FROM PUBLIC
"""  # noqa: S608 - nothing comes from outside


class Migration(migrations.Migration):
    """Adds them; provisioning lets the portal use them, and nobody else."""

    dependencies = [
        ("audit", "0002_seals_and_readings"),
        ("cashier", "0006_tills_and_khqr"),
        ("casework", "0001_notes_opinions_drafts_documents"),
        ("catalogue", "0001_initial"),
        ("offices", "0002_local_calendar_and_services"),
        ("requests", "0001_initial"),
    ]

    operations = [
        migrations.RunSQL(OFFICES, "DROP VIEW public_office"),
        migrations.RunSQL(RECEIPTS, "DROP VIEW genuine_receipt"),
        migrations.RunSQL(OWN_FILE, "DROP FUNCTION own_file(text, bytea)"),
    ]
