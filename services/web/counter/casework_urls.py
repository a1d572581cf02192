"""Addresses of the back office: the queue, and the work on a file beside its stages."""

from django.urls import path

from services.web.counter import casework_views, outcome_views, queue_views, unsent_views

urlpatterns = [
    path("queue", queue_views.queue, name="queue"),
    path("queue/advance", queue_views.advance_many, name="advance_many"),
    path("queue/take", queue_views.take_many, name="take_many"),
    path("requests/<str:code>/take", casework_views.take, name="take"),
    path("requests/<str:code>/assign", casework_views.assign, name="assign"),
    path("requests/<str:code>/note", casework_views.note, name="note"),
    path("requests/<str:code>/ask_opinion", casework_views.ask, name="ask_opinion"),
    path("requests/<str:code>/conclude", casework_views.conclude, name="conclude"),
    path("requests/<str:code>/draft", casework_views.draft, name="draft"),
    path("requests/<str:code>/send_back", casework_views.return_file, name="send_back"),
    path("requests/<str:code>/unsent", unsent_views.unsent, name="unsent"),
    path("requests/<str:code>/sign", casework_views.sign, name="sign"),
    path("requests/<str:code>/outcome.pdf", outcome_views.outcome, name="outcome"),
    path(
        "requests/<str:code>/opinions/<int:opinion_id>/answer",
        casework_views.answer,
        name="answer_opinion",
    ),
    path(
        "requests/<str:code>/opinions/<int:opinion_id>/withdraw",
        casework_views.withdraw_question,
        name="withdraw_opinion",
    ),
]
