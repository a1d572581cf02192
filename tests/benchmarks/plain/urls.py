"""Register a request with its payment; list the open files of an office, the earliest due first."""

import secrets

from django.db import transaction
from django.urls import path
from rest_framework import serializers
from rest_framework.generics import CreateAPIView, ListAPIView
from rest_framework.pagination import PageNumberPagination

from tests.benchmarks.plain import models


class RequestSerializer(serializers.ModelSerializer):
    """What a client sends and gets back."""

    amount = serializers.IntegerField(write_only=True)

    class Meta:
        model = models.Request
        fields = ("code", "applicant", "service", "state", "amount")
        read_only_fields = ("code", "state")

    def create(self, validated):
        """Write request, stage, charge, payment, receipt and event."""
        amount = validated.pop("amount")
        with transaction.atomic():
            request = models.Request.objects.create(code=secrets.token_hex(8), **validated)
            models.Stage.objects.create(request=request, name="check")
            charge = models.Charge.objects.create(request=request, amount=amount)
            payment = models.Payment.objects.create(charge=charge, amount=amount)
            series, _new = models.Series.objects.select_for_update().get_or_create(year=2026)
            series.last += 1
            series.save()
            models.Receipt.objects.create(payment=payment, number=series.last)
            models.Event.objects.create(request=request, kind="registered")
        return request


class Register(CreateAPIView):
    """Register a request."""

    queryset = models.Request.objects.all()
    serializer_class = RequestSerializer


class FileSerializer(serializers.ModelSerializer):
    """A line of the queue with the names beside it."""

    office = serializers.CharField(source="office.name")
    service = serializers.CharField(source="service.name")
    applicant = serializers.CharField(source="applicant.name", default="")
    handled_by = serializers.CharField(source="handled_by.name", default="")

    class Meta:
        model = models.File
        fields = (
            "code", "state", "stage", "due_at", "office", "service", "applicant", "handled_by",
        )  # fmt: skip


class Page(PageNumberPagination):
    """As many rows as a page of the queue has."""

    page_size = 25


class Files(ListAPIView):
    """List the open files of an office."""

    serializer_class = FileSerializer
    pagination_class = Page
    queryset = models.File.objects.filter(state__in=["registered", "in_progress", "waiting"])

    def get_queryset(self):
        """Keep the office that is asked for."""
        office_id = self.request.query_params["office"]
        return super().get_queryset().filter(office_id=office_id).order_by("due_at", "id")


class JoinedFiles(Files):
    """The same with one query for the rows and all names beside them."""

    queryset = Files.queryset.select_related("office", "service", "applicant", "handled_by")


urlpatterns = [
    path("requests/", Register.as_view()),
    path("files/", Files.as_view()),
    path("files/joined/", JoinedFiles.as_view()),
]
