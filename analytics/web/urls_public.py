"""Addresses of the public standard, under /standards/ of the public host; the month is in them."""

from django.urls import path, re_path

from analytics.web import standard_views

MONTH = r"(?P<month>\d{4}-\d{2})"

urlpatterns = [
    path("", standard_views.latest, name="standards"),
    re_path(rf"^{MONTH}\.(?P<form>csv|json)$", standard_views.data, name="standard_data"),
    re_path(rf"^{MONTH}$", standard_views.page, name="standard"),
    re_path(rf"^{MONTH}/(?P<code>\d\d)$", standard_views.province, name="standard_province"),
]
