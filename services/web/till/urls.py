"""Addresses of tills and deposits."""

from django.urls import path

from services.web.till import bank_views, check_views, deposit_views, khqr_views, own_views

urlpatterns = [
    path("till", own_views.my_till, name="my_till"),
    path("till/open", own_views.open_mine, name="open_till"),
    path("till/count", own_views.count_mine, name="count_my_till"),
    path("till/reason", own_views.explain_mine, name="explain_my_till"),
    path("till/<int:till_id>/report.pdf", own_views.my_report, name="my_report"),
    path("tills", check_views.tills, name="tills"),
    path("tills/<int:till_id>", check_views.till, name="till"),
    path("tills/<int:till_id>/count", check_views.count, name="count_till"),
    path("tills/<int:till_id>/reason", check_views.explain, name="explain_till"),
    path("tills/<int:till_id>/decision", check_views.decide, name="decide_till"),
    path("tills/<int:till_id>/report.pdf", check_views.report, name="till_report"),
    path("deposits", deposit_views.deposits, name="deposits"),
    path("deposits/new", deposit_views.make, name="make_deposit"),
    path("deposits/<int:deposit_id>/confirm", deposit_views.confirm, name="confirm_deposit"),
    path("deposits/<int:deposit_id>/withdraw", deposit_views.withdraw, name="withdraw_deposit"),
    path("deposits/<int:deposit_id>/slip.pdf", deposit_views.slip, name="deposit_slip"),
    path("bank/khqr", bank_views.khqr_notice, name="khqr_notice"),
    path("tills/by-phone/<int:item_id>", check_views.settle, name="settle_open_item"),
    path("requests/<str:code>/khqr", khqr_views.show, name="show_khqr"),
    path("khqr/account", khqr_views.account, name="khqr_account"),
    path("khqr/<int:order_id>", khqr_views.khqr, name="khqr"),
    path("khqr/<int:order_id>/check", khqr_views.check, name="check_khqr"),
    path("khqr/<int:order_id>/code.pdf", khqr_views.paper, name="khqr_paper"),
]
