"""One endpoint: register a request with its payment."""

import secrets

from django.db import transaction
from django.urls import path
from rest_framework import serializers
from rest_framework.generics import CreateAPIView

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


urlpatterns = [path("requests/", Register.as_view())]
