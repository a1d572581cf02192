"""Tries sent together are all counted."""

import threading

from django.db import connection

from owso.accounts.models import User
from owso.accounts.permissions import Role
from owso.errors import DomainError
from services.devices.actions import enrol_device, set_pin, use_pin
from services.devices.models import WRONG_TRIES, Device, DevicePin
from services.offices.actors import actor_of
from tenants.context import in_province, province_by_code
from tests.factories import district_office, staff

TRIES = 8


def test_of_many_wrong_pins_at_once_each_is_counted(committed):
    province = province_by_code("01")
    with in_province(province):
        enrol_device(district_office(), "Counter 1", by=staff(Role.CHIEF))
        user = User.objects.get(pk=staff(Role.INFORMATION_OFFICER).user_id)
        device = Device.objects.get()
        set_pin(device, user, "480271", "480271", by=actor_of(user))
    start, codes = threading.Barrier(TRIES), []

    def guess(number: int) -> None:
        try:
            with in_province(province):
                start.wait(30)
                use_pin(device, user.pk, f"91820{number}", address="192.0.2.1")
        except DomainError as error:
            codes.append(error.code)
        finally:
            connection.close()

    threads = [threading.Thread(target=guess, args=(number,)) for number in range(TRIES)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    with in_province(province):
        assert DevicePin.objects.get().wrong_tries == WRONG_TRIES
    assert sorted(codes) == ["pin_closed"] * (TRIES - WRONG_TRIES) + ["pin_wrong"] * WRONG_TRIES
