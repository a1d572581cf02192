import os
import signal
import subprocess
import sys

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from services.requests.models import ServiceRequest
from services.requests.states import State
from tests import databases
from tests.conftest import entered


@pytest.mark.parametrize("command", ["seed_demo", "demo_logins", "simulate"])
def test_nothing_is_invented_where_the_installation_is_no_demo(db, settings, command):
    settings.IS_DEMO = False
    with pytest.raises(CommandError, match="OWSO_DEMO"):
        call_command(command)


@pytest.mark.parametrize("words", [["--requests", "-1"], ["--days", "0"], ["--days", "99999"]])
def test_absurd_amounts_are_refused(db, settings, words):
    settings.IS_DEMO = True
    with pytest.raises(CommandError, match="must be"):
        call_command("seed_demo", *words)


@pytest.mark.usefixtures("committed")
def test_the_demo_is_seeded_once_and_its_log_ins_printed(monkeypatch):
    monkeypatch.setenv("OWSO_DEMO", "1")
    told = databases.manage("seed_demo", "--requests", "400", "--days", "20")
    assert "400 requests" in told
    again = databases.manage("seed_demo", "--requests", "400", "--days", "20")
    assert "0 requests, 0 rows" in again
    counts = {}
    for code in ("01", "02", "12"):
        with entered(code):
            counts[code] = ServiceRequest.objects.count()
            newest = ServiceRequest.objects.filter(state=State.DELIVERED).order_by("-id").first()
    assert sum(counts.values()) == 400
    assert counts["12"] > counts["02"] > counts["01"] > 0
    printed = databases.manage("demo_logins")
    assert "front.1201" in printed
    assert "http://battambang.localhost" in printed
    code = newest.tracking_code
    assert f"{code[:2]}-{code[2:7]}-{code[7:12]}-{code[12:]}" in printed


@pytest.mark.usefixtures("committed")
def test_the_simulator_ends_at_sigterm_with_work_done(monkeypatch):
    monkeypatch.setenv("OWSO_DEMO", "1")
    databases.manage("seed_demo", "--only-staff")
    name = connection.settings_dict["NAME"]
    environment = {
        **os.environ,
        "LOG_LEVEL": "DEBUG",
        "DATABASE_URL": databases._url(name, owner=False),
        "DATABASE_OWNER_URL": databases._url(name, owner=True),
    }
    process = subprocess.Popen(
        [sys.executable, str(databases.ROOT / "manage.py"), "simulate", "--rate", "200"],
        env=environment,
    )
    try:
        for _ in range(600):
            if _registered():
                break
            with pytest.raises(subprocess.TimeoutExpired):
                process.wait(timeout=0.1)
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=5) == 0
    finally:
        process.kill()
        process.wait()
    assert _registered() > 0


def _registered() -> int:
    counts = []
    for code in ("01", "02", "12"):
        with entered(code):
            counts.append(ServiceRequest.objects.count())
    return sum(counts)
