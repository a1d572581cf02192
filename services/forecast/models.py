"""The likely times of each province, worked out at night and read whole."""

from __future__ import annotations

from django.db import models


class ForecastTable(models.Model):
    """All likely times of one province.

    `content` maps "office:service:stage" (office 0: any office of the province) to rows of
    [age, from, likely, sure]: of requests that have been in the stage for `age` working minutes,
    the working minutes from entering it until the result was ready.
    """

    province = models.OneToOneField(
        "tenants.Province", on_delete=models.CASCADE, primary_key=True, related_name="+"
    )
    computed_at = models.DateTimeField()
    content = models.JSONField(default=dict)

    def __str__(self) -> str:
        return f"{self.province_id}: {self.computed_at}"
