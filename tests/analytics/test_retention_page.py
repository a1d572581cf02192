"""The ministry's administrator sets periods within the law; its viewers read them."""

import pytest

from owso.accounts.permissions import Role
from services.retention.models import RetentionPeriod
from tenants.context import as_national
from tests.analytics.test_national_page import signed_in

PAGE = "/national/retention"


def own_days(kind):
    with as_national():
        return RetentionPeriod.objects.get(kind=kind).own_days


@pytest.mark.usefixtures("db")
def test_a_viewer_reads_and_the_administrator_sets_within_the_law():
    viewer = signed_in(Role.MINISTRY_VIEWER)
    page = viewer.get(PAGE, headers={"accept-language": "en"}).content.decode()
    assert "<form" not in page.partition("<main")[2]
    assert viewer.post(PAGE, {"kind": "files", "days": "800"}).status_code == 403
    assert own_days("files") is None

    administrator = signed_in(Role.MINISTRY_ADMIN)
    administrator.cookies["owso_language"] = "en"
    assert administrator.post(PAGE, {"kind": "files", "days": "៨០០"}).status_code == 302
    assert own_days("files") == 800
    assert "set by the ministry" in administrator.get(PAGE).content.decode()
    for days, words in (("364", "Enter between 365"), ("many", "Enter whole days")):
        refused = administrator.post(PAGE, {"kind": "files", "days": days})
        assert refused.status_code == 422
        assert words in refused.content.decode()
    assert administrator.post(PAGE, {"kind": "audit", "days": "9"}).status_code == 404
    assert own_days("files") == 800
    assert administrator.post(PAGE, {"kind": "files", "days": ""}).status_code == 302
    assert own_days("files") is None
