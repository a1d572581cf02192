"""Addresses of data protection in an office."""

from django.urls import path

from services.web.privacy import file_views, retention_views

urlpatterns = [
    path("requests/<str:code>/data", file_views.show, name="data"),
    path("requests/<str:code>/data/correct", file_views.correct, name="correct_data"),
    path("requests/<str:code>/data/object", file_views.object_to, name="object_to"),
    path(
        "requests/<str:code>/data/objections/<int:objection_id>",
        file_views.decide,
        name="decide_objection",
    ),
    path("requests/<str:code>/data/copy", file_views.copy, name="copy_data"),
    path("requests/<str:code>/data/hold", file_views.hold, name="hold_data"),
    path("manage/retention", retention_views.retention, name="retention"),
    path("manage/retention/count", retention_views.count, name="count_disposal"),
    path("manage/retention/holds/<int:hold_id>/lifted", retention_views.lift, name="lift_hold"),
]
