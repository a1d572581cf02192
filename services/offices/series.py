"""Numbers of a year at an office: gapless, because the row of the last one stays locked.

Receipts and signed documents are numbered alike, each in a table of its own.
"""

from django.db import models

from services.offices.models import Office


class YearSeries(models.Model):
    """The last number of an office in a year; its row lock keeps numbers gapless.

    Whoever derives from it keeps one row an office and year by a unique constraint.
    """

    office = models.ForeignKey(Office, models.PROTECT, related_name="+", db_index=False)
    year = models.PositiveSmallIntegerField()
    last_number = models.PositiveIntegerField()

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return f"{self.office_id}/{self.year}: {self.last_number}"
