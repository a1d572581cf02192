"""Addresses of the counter of an office."""

from django.urls import include, path

from services.web.counter import (
    copies_views,
    desk_views,
    file_views,
    money_views,
    poster_views,
    register_views,
    registered_views,
    slip_views,
    step_views,
    ticket_views,
)

urlpatterns = [
    path("", include("services.web.counter.casework_urls")),
    path("", desk_views.home, name="home"),
    path("office", desk_views.choose_office, name="choose_office"),
    path("find", desk_views.find, name="find_request"),
    path("rate", money_views.post_rate_today, name="post_rate"),
    path("requests/new", register_views.register, name="register"),
    path("requests/copies", copies_views.copies, name="copies"),
    path("requests/<str:code>", file_views.show, name="request"),
    path("requests/<str:code>/registered", registered_views.registered, name="registered"),
    path("requests/<str:code>/slip.pdf", slip_views.slip, name="slip"),
    path("requests/<str:code>/print", slip_views.print_slips, name="print_slips"),
    path("requests/<str:code>/prints/<uuid:job>.pdf", slip_views.printed, name="printed"),
    path(
        "requests/<str:code>/prints/<uuid:job>/<int:place>.svg",
        slip_views.picture,
        name="printed_picture",
    ),
    path("requests/<str:code>/complete", step_views.complete, name="complete"),
    path("requests/<str:code>/advance", step_views.advance, name="advance"),
    path("requests/<str:code>/pause", step_views.pause, name="pause"),
    path("requests/<str:code>/resume", step_views.resume, name="resume"),
    path("requests/<str:code>/forward", step_views.forward, name="forward"),
    path("requests/<str:code>/reject", step_views.reject, name="reject"),
    path("requests/<str:code>/withdraw", step_views.withdraw, name="withdraw"),
    path("requests/<str:code>/deliver", step_views.deliver, name="deliver"),
    path("requests/<str:code>/pay", money_views.pay, name="pay"),
    path("requests/<str:code>/reversal", money_views.ask_reversal, name="ask_reversal"),
    path(
        "requests/<str:code>/reversal/<int:asked_id>",
        money_views.decide_reversal,
        name="decide_reversal",
    ),
    path("drafts/<uuid:key>/discard", register_views.discard, name="discard_draft"),
    path("posters", poster_views.posters, name="posters"),
    path("posters/fees.pdf", poster_views.poster, name="poster"),
    path("tickets", ticket_views.give, name="give_ticket"),
    path("tickets/next", ticket_views.call, name="call_ticket"),
    path("tickets/<int:number>.pdf", ticket_views.ticket, name="ticket"),
    path("tickets/<int:number>.svg", ticket_views.ticket_image, name="ticket_image"),
]
