"""Signing in and out, the same on every host."""

from django.urls import path

from owso.accounts import security_views, views

urlpatterns = [
    path("sign-in/", views.sign_in, name="sign_in"),
    path("second-step/", views.second_step, name="second_step"),
    path("sign-out/", views.sign_out, name="sign_out"),
    path("used/", views.used, name="used"),
    path("security/", security_views.security, name="security"),
    path("news/", security_views.news, name="account_news"),
    path("password/", security_views.change_password, name="change_password"),
    path("security/application/", security_views.add_application, name="add_application"),
    path("security/passkey/", security_views.add_passkey_page, name="add_passkey"),
    path("security/codes/", security_views.recovery_codes, name="recovery_codes"),
    path("security/codes/new/", security_views.renew_codes, name="renew_codes"),
    path(
        "security/steps/<int:factor_id>/remove/",
        security_views.remove_factor,
        name="remove_factor",
    ),
    path("security/sessions/end/", security_views.end_other_sessions, name="end_sessions"),
]
