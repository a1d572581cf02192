"""The view by which the public proves a printed document genuine: what it says, nobody's name."""

from django.db import migrations

VIEW = """
CREATE VIEW genuine_document AS
SELECT d.token,
       d.year,
       d.number,
       d.signed_at,
       o.code AS office_code,
       o.name_km AS office_name_km,
       o.name_en AS office_name_en,
       r.service_version_id,
       r.state NOT IN ('rejected', 'withdrawn') AS is_valid
FROM casework_outcomedocument d
JOIN requests_servicerequest r ON r.id = d.request_id
JOIN offices_office o ON o.id = d.office_id
"""


class Migration(migrations.Migration):
    """Adds the view; provisioning lets the portal read it."""

    dependencies = [("casework", "0002_written_once")]

    operations = [migrations.RunSQL(VIEW, "DROP VIEW genuine_document")]
