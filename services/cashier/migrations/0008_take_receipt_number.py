"""The next receipt number and the cashier's till in one look, planned once a connection.

As plain SQL the same statement was planned anew for every payment, which cost more than
running it.
"""

from django.db import migrations

FUNCTION = """
CREATE FUNCTION take_receipt_number(
    of_office bigint, of_year integer, of_cashier bigint,
    OUT taken integer, OUT till_state text, OUT till_day date,
    OUT since timestamptz, OUT account text
) LANGUAGE plpgsql AS $$
BEGIN
    IF of_cashier IS NOT NULL THEN
        SELECT state, opened_on INTO till_state, till_day FROM cashier_tillsession
        WHERE cashier_id = of_cashier AND office_id = of_office
          AND state IN ('open', 'recount', 'counted')
        FOR SHARE;
        SELECT tills_since, khqr_account INTO since, account FROM cashier_officemoney
        WHERE office_id = of_office;
    END IF;
    INSERT INTO cashier_receiptseries AS series (office_id, year, last_number)
    VALUES (of_office, of_year, 1)
    ON CONFLICT (office_id, year) DO UPDATE SET last_number = series.last_number + 1
    RETURNING last_number INTO taken;
END $$
"""


class Migration(migrations.Migration):
    """Adds the function."""

    dependencies = [("cashier", "0007_till_guards")]

    operations = [
        migrations.RunSQL(FUNCTION, "DROP FUNCTION take_receipt_number(bigint, integer, bigint)"),
    ]
