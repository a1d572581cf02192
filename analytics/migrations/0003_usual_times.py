"""What anybody may know of how long a service takes at an office.

Nothing is told of an office that finished fewer than ten such requests in half a year: of so few
somebody could tell a neighbour's.
"""

from django.db import migrations

VIEW = """
CREATE VIEW usual_time AS
SELECT province_id,
       office_id,
       service_id,
       min(minutes) FILTER (WHERE running >= total * 0.5) AS half_minutes,
       min(minutes) FILTER (WHERE running >= total * 0.9) AS most_minutes
FROM (SELECT province_id, office_id, service_id, minutes,
             sum(n) OVER (PARTITION BY province_id, office_id, service_id ORDER BY minutes)
                 AS running,
             sum(n) OVER (PARTITION BY province_id, office_id, service_id) AS total
      FROM (SELECT province_id, office_id, service_id, minutes, sum(n) AS n
            FROM analytics_officeserviceduration
            WHERE month >= date_trunc('month', now() AT TIME ZONE 'Asia/Phnom_Penh')::date
                           - interval '5 months'
            GROUP BY province_id, office_id, service_id, minutes) AS half_year) AS counted
WHERE total >= 10
GROUP BY province_id, office_id, service_id
"""


class Migration(migrations.Migration):
    """Adds the view; provisioning lets the portal read it."""

    dependencies = [("analytics", "0002_public_standard")]

    operations = [migrations.RunSQL(VIEW, "DROP VIEW usual_time")]
