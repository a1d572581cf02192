"""The workspace of a register import: how far it is, its lines, what is wrong with them."""

from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _


class Phase(models.TextChoices):
    """How far an import is."""

    LOADING = "loading", _("Reading the file")
    GATHERING = "gathering", _("Taking over the cases")
    DONE = "done", _("Finished")


class Level(models.TextChoices):
    """How much a remark on a row matters."""

    REFUSED = "refused", _("refused")
    WARNING = "warning", _("taken over with a correction")
    NOTE = "note", _("taken over, for your information")


class ImportRun(models.Model):
    """One import of one file; `lines_read` and `last_reference` are where a killed one goes on."""

    fingerprint = models.CharField(max_length=64)
    source = models.CharField(max_length=60)
    is_dry_run = models.BooleanField()
    phase = models.CharField(max_length=10, choices=Phase.choices, default=Phase.LOADING)
    lines_read = models.PositiveBigIntegerField(default=0)
    last_reference = models.CharField(max_length=120, blank=True)
    imported = models.PositiveBigIntegerField(default=0)
    repeated = models.PositiveBigIntegerField(default=0)
    refused_cases = models.PositiveBigIntegerField(default=0)
    stages = models.PositiveBigIntegerField(default=0)
    started_at = models.DateTimeField(db_default=Now())
    finished_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["source", "phase"], name="import_run_of_source")]

    def __str__(self) -> str:
        return f"{self.source} {self.phase}"


class ImportLine(models.Model):
    """One row of a register, only its mapped cells; removed when the run is done."""

    run = models.ForeignKey(ImportRun, models.CASCADE, related_name="lines", db_index=False)
    line = models.PositiveBigIntegerField()
    reference = models.CharField(max_length=120)
    is_refused = models.BooleanField()
    received_at = models.DateTimeField(null=True)
    planned_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    outcome = models.CharField(max_length=12, blank=True)
    stage_code = models.CharField(max_length=40, blank=True)
    stage_at = models.DateTimeField(null=True)
    is_completing = models.BooleanField(default=False)
    service_code = models.CharField(max_length=40, blank=True)
    office_code = models.CharField(max_length=8, blank=True)
    channel = models.CharField(max_length=60, blank=True)

    class Meta:
        indexes = [models.Index(fields=["run", "reference", "line"], name="import_line_by_case")]

    def __str__(self) -> str:
        return f"{self.run_id}/{self.line}"


class ImportNote(models.Model):
    """What is wrong with a row, by code, to be said in the reader's language in the report."""

    run = models.ForeignKey(ImportRun, models.CASCADE, related_name="notes", db_index=False)
    line = models.PositiveBigIntegerField()
    column = models.CharField(max_length=200, blank=True)
    level = models.CharField(max_length=8, choices=Level.choices)
    code = models.CharField(max_length=40)
    data = models.JSONField(default=dict)

    class Meta:
        indexes = [models.Index(fields=["run", "line", "id"], name="import_note_by_line")]

    def __str__(self) -> str:
        return f"{self.run_id}/{self.line} {self.code}"
