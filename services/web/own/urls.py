"""The address of the own file, beside the tracking page of the same code."""

from django.urls import path

from services.web.own import views

urlpatterns = [
    path("t/<str:typed>/more", views.more, name="more"),
]
