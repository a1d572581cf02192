"""What a front desk keeps besides the requests: drafts, consents to notices, prints, tickets."""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from services.cashier.models import Receipt
from services.offices.models import Office
from services.requests.models import ServiceRequest

ORIGINAL_FOR = timedelta(minutes=2)
"""How long the first print may be fetched again unmarked: a line that broke, not a second print."""


class Sheet(models.TextChoices):
    """The papers a desk prints for a request."""

    APPLICATION = "application", _("Application receipt")
    PAYMENT = "payment", _("Payment receipt")
    COVER = "cover", _("Cover of the outcome")


class Paper(models.TextChoices):
    """What the printer of a desk holds."""

    A5 = "a5", _("A5 sheet")
    A4 = "a4", _("A4 sheet")
    THERMAL = "80mm", _("80 mm roll")


class Recipient(models.TextChoices):
    """Who gets the notices of a request."""

    APPLICANT = "applicant", _("The applicant")
    REPRESENTATIVE = "representative", _("The representative")


class Draft(models.Model):
    """A form begun and not yet registered; its content is personal and sealed.

    `key` is the idempotency key the request will have, so that a form opened again can
    still not be registered twice.
    """

    key = models.UUIDField(unique=True)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    office = models.ForeignKey(Office, models.CASCADE, related_name="+", db_index=False)
    service_code = models.CharField(max_length=40, blank=True)
    content_sealed = models.BinaryField()
    started_at = models.DateTimeField()
    saved_at = models.DateTimeField()
    expires_at = models.DateTimeField(db_index=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(saved_at__gte=models.F("started_at"))
                & Q(expires_at__gt=models.F("saved_at")),
                name="draft_ends_after_it_was_saved",
            ),
        ]

    def __str__(self) -> str:
        return f"draft {self.key}"


class UnsentText(models.Model):
    """What somebody typed into a form of a file and has not sent yet; sealed.

    `form` names the form on the page of the file; one text for each person, file and form.
    """

    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", db_index=False
    )
    request = models.ForeignKey(ServiceRequest, models.CASCADE, related_name="+")
    form = models.CharField(max_length=40)
    content_sealed = models.BinaryField()
    saved_at = models.DateTimeField()
    expires_at = models.DateTimeField(db_index=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["owner", "request", "form"], name="unsent_text_is_kept_once"
            ),
            models.CheckConstraint(
                condition=Q(expires_at__gt=models.F("saved_at")),
                name="unsent_text_ends_after_it_was_saved",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.form} of {self.request_id}"


class NoticeConsent(models.Model):
    """That somebody agreed to be told about a request, and to which text; append-only."""

    request = models.OneToOneField(ServiceRequest, models.PROTECT, related_name="notice_consent")
    text_version = models.CharField(max_length=20)
    language = models.CharField(max_length=2)
    recipient = models.CharField(max_length=16, choices=Recipient.choices)
    given_at = models.DateTimeField()
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", db_index=False
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(recipient__in=Recipient.values), name="consent_recipient_is_known"
            ),
            models.CheckConstraint(
                condition=~Q(text_version=""), name="consent_names_the_text_it_was_given_to"
            ),
        ]

    def __str__(self) -> str:
        return f"consent of {self.request_id}"


class Printing(models.Model):
    """One sheet sent to a printer: who, when, which; the second and later are copies.

    Sheets printed in one go share their `job`. Append-only.
    """

    job = models.UUIDField(db_index=True)
    request = models.ForeignKey(ServiceRequest, models.PROTECT, related_name="printings")
    sheet = models.CharField(max_length=16, choices=Sheet.choices)
    receipt = models.ForeignKey(
        Receipt, models.PROTECT, null=True, related_name="+", db_index=False
    )
    number = models.PositiveIntegerField()
    paper = models.CharField(max_length=8, choices=Paper.choices)
    printed_at = models.DateTimeField()
    printed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", db_index=False
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["request", "sheet", "receipt", "number"],
                nulls_distinct=False,
                name="print_is_numbered_once",
            ),
            models.CheckConstraint(
                condition=Q(sheet=Sheet.PAYMENT, receipt__isnull=False)
                | (~Q(sheet=Sheet.PAYMENT) & Q(receipt__isnull=True)),
                name="print_of_a_payment_names_its_receipt",
            ),
            models.CheckConstraint(condition=Q(number__gte=1), name="print_number_is_positive"),
        ]

    def __str__(self) -> str:
        return f"{self.request_id} {self.sheet} {self.number}"

    def is_copy(self, now: datetime) -> bool:
        """Say whether the sheet must be marked as a copy when it is fetched now."""
        return self.number > 1 or now - self.printed_at > ORIGINAL_FOR


class Ticket(models.Model):
    """A number in the day's queue of an office; gapless, and nothing personal."""

    office = models.ForeignKey(Office, models.PROTECT, related_name="+", db_index=False)
    day = models.DateField()
    number = models.PositiveIntegerField()
    issued_at = models.DateTimeField()
    called_at = models.DateTimeField(null=True)
    called_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", db_index=False
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["office", "day", "number"], name="ticket_number_is_given_once_a_day"
            ),
            models.CheckConstraint(
                condition=Q(called_at__isnull=True) | Q(called_at__gte=models.F("issued_at")),
                name="ticket_is_called_after_it_was_issued",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.office_id} {self.day} {self.number}"
