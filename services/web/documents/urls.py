"""Addresses of the documents of a request."""

from django.urls import path

from services.web.documents import tus, views

urlpatterns = [
    path("requests/<str:code>/documents", views.documents, name="documents"),
    path("requests/<str:code>/documents/<int:document_id>", views.show, name="document"),
    path(
        "requests/<str:code>/documents/<int:document_id>/small",
        views.small,
        name="small_document",
    ),
    path(
        "requests/<str:code>/documents/<int:document_id>/withdraw",
        views.withdraw,
        name="withdraw_document",
    ),
    path("requests/<str:code>/uploads", tus.uploads, name="uploads"),
    path("requests/<str:code>/uploads/<uuid:upload_id>", tus.upload, name="upload"),
]
