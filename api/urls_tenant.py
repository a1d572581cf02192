"""Addresses of the programming interface on a province's host."""

from django.urls import include, path

from api import money, requests, steps

_ONE = [
    path("", requests.RequestView.as_view(), name="api_request"),
    path("complete/", steps.CompleteView.as_view(), name="api_complete"),
    path("payment/", money.PaymentView.as_view(), name="api_payment"),
    path("advance/", steps.AdvanceView.as_view(), name="api_advance"),
    path("sign/", steps.SignView.as_view(), name="api_sign"),
    path("pause/", steps.PauseView.as_view(), name="api_pause"),
    path("resume/", steps.ResumeView.as_view(), name="api_resume"),
    path("forward/", steps.ForwardView.as_view(), name="api_forward"),
    path("reject/", steps.RejectView.as_view(), name="api_reject"),
    path("withdraw/", steps.WithdrawView.as_view(), name="api_withdraw"),
    path("deliver/", steps.DeliverView.as_view(), name="api_deliver"),
    path("receipts/<str:number>/reversal/", money.ReversalView.as_view(), name="api_reversal"),
    path(
        "receipts/<str:number>/reversal/approval/",
        money.ApprovalView.as_view(),
        name="api_approval",
    ),
]

urlpatterns = [
    path("v1/requests/", requests.RequestsView.as_view(), name="api_requests"),
    path("v1/requests/<str:code>/", include(_ONE)),
]
