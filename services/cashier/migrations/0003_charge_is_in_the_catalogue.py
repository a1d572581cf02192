"""Ties each charge to a fee of the catalogue and to the version of its request."""

from django.db import migrations

TIES = """
ALTER TABLE cashier_charge
    ADD CONSTRAINT charge_is_in_the_catalogue
        FOREIGN KEY (fee_tier_id, service_version_id, unit_riel, ceiling)
        REFERENCES catalogue_feetier (id, version_id, amount_riel, ceiling),
    ADD CONSTRAINT charge_is_of_the_requests_version
        FOREIGN KEY (request_id, service_version_id)
        REFERENCES requests_servicerequest (id, service_version_id)
"""
WITHOUT = """
ALTER TABLE cashier_charge
    DROP CONSTRAINT charge_is_in_the_catalogue,
    DROP CONSTRAINT charge_is_of_the_requests_version
"""


class Migration(migrations.Migration):
    """Adds the two composite foreign keys, which the ORM does not know."""

    dependencies = [
        ("cashier", "0002_append_only"),
        ("catalogue", "0001_initial"),
    ]

    operations = [migrations.RunSQL(TIES, WITHOUT)]
