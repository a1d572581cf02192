"""Every change of an office and of the people who work there, one action each."""

from services.offices.actions.accounts import (
    add_person,
    give_role,
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
from services.offices.actions.letting_in import (
    end_sessions_of,
    give_new_password,
    let_back_in,
    lock_out,
    reset_second_step,
)
from services.offices.actions.offering import choose_services

__all__ = [
    "OfficeDetails",
    "add_counter",
    "add_person",
    "choose_hours",
    "choose_services",
    "close_offices",
    "edit_office",
    "end_sessions_of",
    "give_new_password",
    "give_role",
    "keep_own_hours",
    "let_back_in",
    "lock_out",
    "remove_counter",
    "reopen_day",
    "reset_second_step",
    "take_role",
]
