"""Addresses of following; the short ones go into SMS."""

from django.urls import path

from services.web.following import asking_views, hook_views, own_views

urlpatterns = [
    path("follow-worker.js", asking_views.worker, name="follow_worker"),
    path("f/digits/<str:token>", asking_views.digits, name="follow_digits"),
    path("f/e/<str:token>", asking_views.mailed, name="follow_mailed"),
    path("f/<str:typed>", asking_views.choose, name="follow"),
    path("f/<str:typed>/sms", asking_views.by_sms, name="follow_sms"),
    path("f/<str:typed>/email", asking_views.by_email, name="follow_email"),
    path("f/<str:typed>/push", asking_views.by_push, name="follow_push"),
    path("s/<str:token>", own_views.own, name="follow_own"),
    path("hooks/telegram", hook_views.telegram, name="hook_telegram"),
    path("hooks/sms/<str:token>", hook_views.sms, name="hook_sms"),
    path("hooks/receipts/<str:reference>/<str:mac>", hook_views.receipt, name="hook_receipt"),
]
