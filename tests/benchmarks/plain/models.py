"""The same five rows as a registration writes, and the rows of a queue, as plain models."""

from django.db import models
from django_tenants.models import DomainMixin, TenantMixin


class Client(TenantMixin):
    """A tenant."""

    auto_create_schema = True

    class Meta:
        app_label = "plain"


class Domain(DomainMixin):
    """A host name."""

    class Meta:
        app_label = "plain"


class Request(models.Model):
    """A request."""

    code = models.CharField(max_length=20, unique=True)
    applicant = models.CharField(max_length=200)
    service = models.CharField(max_length=20)
    state = models.CharField(max_length=20, default="registered")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        app_label = "plain"


class Stage(models.Model):
    """A stage of a request."""

    request = models.ForeignKey(Request, on_delete=models.PROTECT, related_name="stages")
    name = models.CharField(max_length=40)
    entered_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        app_label = "plain"


class Charge(models.Model):
    """A fee of a request."""

    request = models.ForeignKey(Request, on_delete=models.PROTECT, related_name="charges")
    amount = models.BigIntegerField()

    class Meta:
        app_label = "plain"


class Payment(models.Model):
    """A payment of a charge."""

    charge = models.ForeignKey(Charge, on_delete=models.PROTECT)
    amount = models.BigIntegerField()
    paid_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        app_label = "plain"


class Series(models.Model):
    """The last receipt number of a year."""

    year = models.IntegerField(unique=True)
    last = models.IntegerField(default=0)

    class Meta:
        app_label = "plain"


class Receipt(models.Model):
    """A receipt of a payment."""

    payment = models.OneToOneField(Payment, on_delete=models.PROTECT)
    number = models.IntegerField(unique=True)

    class Meta:
        app_label = "plain"


class Event(models.Model):
    """What happened to a request."""

    request = models.ForeignKey(Request, on_delete=models.PROTECT)
    kind = models.CharField(max_length=20)
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        app_label = "plain"


class Office(models.Model):
    """An office."""

    name = models.CharField(max_length=200)

    class Meta:
        app_label = "plain"


class Service(models.Model):
    """A service."""

    name = models.CharField(max_length=400)

    class Meta:
        app_label = "plain"


class Applicant(models.Model):
    """An applicant."""

    name = models.CharField(max_length=200)

    class Meta:
        app_label = "plain"


class Person(models.Model):
    """Somebody who works on files."""

    name = models.CharField(max_length=200)

    class Meta:
        app_label = "plain"


class File(models.Model):
    """A request as a queue lists it."""

    code = models.CharField(max_length=20, unique=True)
    state = models.CharField(max_length=20)
    stage = models.CharField(max_length=40)
    due_at = models.DateTimeField(null=True)
    office = models.ForeignKey(Office, on_delete=models.PROTECT)
    service = models.ForeignKey(Service, on_delete=models.PROTECT)
    applicant = models.ForeignKey(Applicant, null=True, on_delete=models.PROTECT)
    handled_by = models.ForeignKey(Person, null=True, on_delete=models.PROTECT)

    class Meta:
        app_label = "plain"
