"""Addresses of the morning page, the notices and the management of offices."""

from django.urls import path

from services.web.office import (
    access_views,
    day_views,
    morning_views,
    notice_views,
    office_views,
    people_views,
    rule_views,
    service_views,
)

urlpatterns = [
    path("morning", morning_views.morning_page, name="morning"),
    path("morning/<slug:name>", morning_views.list_page, name="morning_list"),
    path("notices", notice_views.notices, name="notices"),
    path("notices/read", notice_views.read, name="read_notices"),
    path("manage", office_views.offices_page, name="offices"),
    path("manage/offices/<str:code>", office_views.office_page, name="office"),
    path("manage/offices/<str:code>/details", office_views.details, name="office_details"),
    path("manage/offices/<str:code>/counters", office_views.counters, name="office_counters"),
    path("manage/offices/<str:code>/hours", day_views.hours, name="office_hours"),
    path("manage/offices/<str:code>/closed", day_views.close, name="close_office"),
    path("manage/offices/<str:code>/reopened", day_views.reopen, name="reopen_office"),
    path("manage/offices/<str:code>/services", service_views.services, name="office_services"),
    path("manage/people", people_views.people, name="people"),
    path("manage/people/new", people_views.new, name="new_person"),
    path("manage/people/<int:user_id>", people_views.person, name="person"),
    path("manage/people/<int:user_id>/roles", people_views.give, name="give_role"),
    path(
        "manage/people/<int:user_id>/roles/<int:role_id>/taken",
        people_views.take,
        name="take_role",
    ),
    path("manage/people/<int:user_id>/account", access_views.account, name="account"),
    path("manage/people/<int:user_id>/password", access_views.password, name="new_password"),
    path("manage/people/<int:user_id>/sessions", access_views.sessions, name="end_sessions_of"),
    path(
        "manage/people/<int:user_id>/second-step",
        access_views.second_step,
        name="reset_second_step",
    ),
    path("manage/reminders", rule_views.reminders, name="reminders"),
]
