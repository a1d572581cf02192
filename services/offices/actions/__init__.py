"""Every change of an office and of the people who work there, one action each."""

from services.offices.actions.accounts import (
    add_person,
    give_role,
    let_back_in,
    lock_out,
    new_password,
    take_role,
)
from services.offices.actions.closing import close_offices, reopen_day
from services.offices.actions.details import (
    OfficeDetails,
    add_counter,
    edit_office,
    remove_counter,
)
from services.offices.actions.hours import choose_hours, keep_own_hours
from services.offices.actions.offering import choose_services

__all__ = [
    "OfficeDetails",
    "add_counter",
    "add_person",
    "choose_hours",
    "choose_services",
    "close_offices",
    "edit_office",
    "give_role",
    "keep_own_hours",
    "let_back_in",
    "lock_out",
    "new_password",
    "remove_counter",
    "reopen_day",
    "take_role",
]
