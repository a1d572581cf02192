"""Of two who send the same code at the same moment, one comes in."""

import threading

import pytest
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from django.db import connection

from owso.accounts.factors import recovery_codes, use_code
from tenants.context import in_province, province_by_code
from tests.factories import UserFactory
from tests.second_steps import code_of, with_application


@pytest.mark.parametrize("kind", ["totp", "recovery_codes"])
def test_a_code_sent_twice_at_once_counts_once(committed, kind):
    province = province_by_code("01")
    with in_province(province):
        user = UserFactory()
        secret = with_application(user)
        RecoveryCodes.activate(user)
        code = code_of(secret) if kind == "totp" else recovery_codes(user)[0]
    start, found = threading.Barrier(4), []

    def send() -> None:
        try:
            with in_province(province):
                start.wait(30)
                found.append(use_code(user, code))
        finally:
            connection.close()

    threads = [threading.Thread(target=send) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert sorted(found) == ["", "", "", kind]
