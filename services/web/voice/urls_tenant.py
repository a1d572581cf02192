"""Addresses of the citizens' office, and of the score card."""

from django.urls import path

from services.web.voice import office_views

urlpatterns = [
    path("complaints", office_views.complaints, name="complaints"),
    path("complaints/<str:typed>", office_views.complaint, name="office_complaint"),
    path("complaints/<str:typed>/files/<int:file_id>", office_views.file, name="complaint_file"),
    path("score-card", office_views.score_card_page, name="score_card"),
]
